import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { put, type Sample } from './sample.ts';

/** Everything a repository can name that git would start. */
export function plant(one: Sample, canary: string): void {
  const program = join(one.home, 'evil.sh');
  writeFileSync(program, `#!/bin/sh\ntouch ${canary}\ncat\n`);
  chmodSync(program, 0o755);
  const hooks = [
    'post-checkout',
    'post-commit',
    'pre-commit',
    'reference-transaction',
    'post-index-change',
    'post-merge',
    'fsmonitor-watchman',
  ];
  for (const folder of [join(one.root, '.git/hooks'), join(one.home, 'hooks')]) {
    for (const hook of hooks) {
      put(join(folder, hook), `#!/bin/sh\ntouch ${canary}\n`);
      chmodSync(join(folder, hook), 0o755);
    }
  }
  const settings: Record<string, string> = {
    'core.hooksPath': join(one.home, 'hooks'),
    'core.fsmonitor': program,
    'core.pager': program,
    'core.editor': program,
    'core.sshCommand': program,
    'core.alternateRefsCommand': program,
    'diff.external': program,
    'diff.evil.command': program,
    'diff.evil.textconv': program,
    'filter.evil.clean': program,
    'filter.evil.smudge': program,
    'filter.evil.process': program,
    'filter.evil.required': 'true',
    'merge.evil.driver': program,
    'gpg.program': program,
    'commit.gpgSign': 'true',
    'gc.auto': '1',
    'gc.recentObjectsHook': program,
    'credential.helper': program,
    'uploadpack.packObjectsHook': program,
    'protocol.ext.allow': 'always',
    'remote.origin.url': `ext::${program}`,
    'remote.origin.promisor': 'true',
    'extensions.partialClone': 'origin',
    'alias.add': `!${program}`,
    'diff.orderFile': '/dev/null',
    'i18n.commitEncoding': 'latin1',
  };
  for (const [key, value] of Object.entries(settings)) {
    one.gitIn(one.home, 'config', '--global', key, value);
    one.git('config', key, value);
  }
  put(join(one.root, '.git/info/attributes'), '* filter=evil diff=evil merge=evil\n');
}
