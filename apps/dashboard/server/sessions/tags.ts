import type { SessionCatalogue } from '@pawl/session-store';

const freshMs = 5000;

/** The tags of a run are those of its conversations. Asked anew now and then, not for every row. */
export function createTags(sessions: SessionCatalogue): (run: string) => readonly string[] {
  let tags = new Map<string, readonly string[]>();
  let asked = 0;
  const ask = async (): Promise<void> => {
    const found = new Map<string, Set<string>>();
    for (const { run, tags: own } of await sessions.list({ limit: 1000, archived: 'also' })) {
      if (run === undefined || own.length === 0) continue;
      found.set(run, new Set([...(found.get(run) ?? []), ...own]));
    }
    tags = new Map([...found].map(([run, own]) => [run, [...own].sort()]));
  };
  return (run) => {
    if (Date.now() - asked > freshMs) {
      asked = Date.now();
      ask().catch(() => undefined);
    }
    return tags.get(run) ?? [];
  };
}
