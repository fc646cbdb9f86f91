import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * An agent that does as the step's name says. It talks, uses tools, tells what it used, writes a file, and in attempt 1 of
 * `impl` of the task `middle` makes a mistake. `nasty` says what no page may run.
 */
const agent = (folder: string): string => `
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
const say = (event) => console.log(JSON.stringify(event));
const { PAWL_STEP: step = '', PAWL_ATTEMPT: attempt = '1' } = process.env;
for await (const _ of process.stdin);
const task = step.split('/').at(-2) ?? step;
const usage = { type: 'usage', inputTokens: 4200, cachedInputTokens: 3000, outputTokens: 380, costUsd: 0.0231, turns: 3 };
if (step === 'plan') {
  console.log('I read the specification and see **three** tasks.');
  console.log('\`\`\`json\\n' + JSON.stringify({ tasks: ['easy', 'middle', 'hard'].map((name) => ({ name, description: 'Make ' + name + ' work.', files: [name + '.txt'] })) }) + '\\n\`\`\`');
  say(usage);
} else if (step === 'slow') {
  say({ type: 'text', text: 'I wait for the word.' });
  for (let n = 0; n < 600 && !existsSync(${JSON.stringify(join(folder, 'go'))}); n += 1) {
    if (n % 4 === 0) console.log('still waiting, ' + n);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  writeFileSync('slow.txt', 'done\\n');
  say(usage);
} else if (step === 'nasty') {
  console.log('<script>window.hacked = true</script> <img src=x onerror="window.hacked = true"> [a link](javascript:window.hacked=true)');
  console.log('![picture](http://127.0.0.1:9/x.png) \\u001b]8;;http://example.com\\u0007hidden\\u001b]8;;\\u0007 \\u001b[31mred\\u001b[0m');
  say({ type: 'tool', name: '<b>shell</b>', kind: 'execute', input: '<script>window.hacked = true</script>', output: '</script><script>window.hacked = true</script>' });
  mkdirSync('odd', { recursive: true });
  writeFileSync('odd/<img src=x onerror=window.hacked=true>.txt', '<script>window.hacked = true</script>\\n');
} else {
  say({ type: 'text', text: 'I look at what is there, then write the file.' });
  say({ type: 'tool', name: 'shell', kind: 'execute', input: 'ls', output: 'README.md\\nspec.md', status: 'ok' });
  writeFileSync(task + '.txt', task === 'middle' && attempt === '1' ? 'wrong\\n' : 'right ' + attempt + '\\n' + 'line\\n'.repeat(12));
  say({ type: 'tool', name: 'write', kind: 'edit', input: task + '.txt', output: 'written', status: 'ok' });
  say({ type: 'text', text: '## Done\\n\\n- wrote \`' + task + '.txt\`\\n- it says **right**' });
  say(usage);
}
`;

export const workflows: Readonly<Record<string, string>> = {
  build: `name: build
description: Plans tasks, does each in a lane of its own, and looks at the whole.
inputs:
  tone: { type: enum, values: [plain, fancy], default: plain, description: How it shall sound. }
steps:
  - name: plan
    type: split
    agent: worker
    gate: [schema]
    parallel: true
    each:
      - name: impl
        type: code
        agent: worker
        prompt: "Do this in a {tone} way: {task.description}"
        gate: ["bash: grep -q right {task.name}.txt || (echo 'not right yet' >&2; exit 1)"]
        retry:
          - attempt: 2
            agent: strong
          - exit: 3
  - name: check
    gate: ["bash: test -f easy.txt"]
`.replace(
    /\["bash: grep[^\]]*\]/,
    `["bash: for file in easy middle hard; do if [ -f $file.txt ] && ! grep -q right $file.txt; then echo $file is not right yet >&2; exit 1; fi; done"]`,
  ),
  ask: `name: ask
description: One step that a person decides about.
steps:
  - { name: impl, type: code, agent: worker, hitl: after_gate, prompt: "{spec}", gate: ["bash: test -f impl.txt"] }
`,
  fail: `name: fail
description: A gate that never passes.
steps:
  - name: impl
    type: code
    agent: worker
    prompt: "{spec}"
    gate: ["bash: echo expected a till, found none >&2; exit 1"]
    retry:
      - exit: 2
`,
  slow: `name: slow
steps:
  - { name: slow, type: code, agent: worker, prompt: "{spec}" }
`,
  nasty: `name: nasty
steps:
  - { name: nasty, type: code, agent: worker, prompt: "{spec}", gate: ["bash: echo '<script>window.hacked = true</script>'; exit 1"], retry: [{ exit: 1 }] }
`,
};

/** A repository with a specification, workflows and two agents that are scripts. */
export function makeRepository(folder: string, name = 'shop'): string {
  const repository = join(folder, name);
  const script = join(folder, 'agent.mjs');
  const command = JSON.stringify([process.execPath, script]);
  write(folder, { 'agent.mjs': agent(folder) });
  write(repository, {
    'README.md': '# shop\n',
    'spec.md': '# A till\n\nBuild a till that sells, gives change and takes cards.\n',
    '.pawl/config.yaml': `agents:\n  worker: { provider: script, options: { command: ${command} } }\n  strong: { provider: script, options: { command: ${command} } }\n`,
    ...Object.fromEntries(Object.entries(workflows).map(([one, text]) => [`.pawl/workflows/${one}.yaml`, text])),
  });
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
      cwd: repository,
      env: { ...process.env, GIT_CONFIG_NOSYSTEM: '1', HOME: folder },
      stdio: 'pipe',
    });
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '--message=First');
  return repository;
}

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
