import type { Translator } from './definition.ts';
import { caught } from './failure.ts';

/** A translator that throws must not end the turn: a line counts as one it does not know, an end as a failure. */
export function guarded(translator: Translator, title: string): Translator {
  const { outgoing, cancel } = translator;
  return {
    get over() {
      return translator.over === true;
    },
    ...(outgoing ? { outgoing: () => outgoing.call(translator) } : {}),
    ...(cancel ? { cancel: () => cancel.call(translator) } : {}),
    *line(native) {
      try {
        yield* translator.line(native);
      } catch {
        yield { type: 'native', name: 'translator-failed' };
      }
    },
    end(exit) {
      try {
        return translator.end(exit);
      } catch (error) {
        const failed = caught(error, `What ${title} printed could not be understood`);
        return { outcome: { kind: 'failed', error: failed }, usage: {}, session: undefined };
      }
    },
  };
}
