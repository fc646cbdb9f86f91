#!/usr/bin/env node
// Parrot, the agent that this package is an adapter for: it says again what it is told, and does what a line like
// `write a.txt: hello` says. It stands for a CLI of yours, and is no part of the adapter.
import { randomUUID } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const version = '2.3.0';
const known = ['grey', 'macaw'];
const home = process.env.PARROT_HOME ?? join(homedir(), '.parrot');
const fileOf = (id) => join(home, `${id}.jsonl`);
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string', default: 'grey' },
    resume: { type: 'string' },
    fork: { type: 'string' },
    'read-only': { type: 'boolean', default: false },
    'max-turns': { type: 'string' },
    version: { type: 'boolean' },
  },
});
const say = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
const fail = (code, message) => {
  process.stderr.write(`parrot: ${message}\n`);
  process.exit(code);
};

if (values.version) {
  console.log(`parrot ${version}`);
} else if (positionals[0] === 'sessions') {
  const names = existsSync(home) ? readdirSync(home).filter((name) => name.endsWith('.jsonl')) : [];
  for (const name of names) {
    const [first = '{}'] = readFileSync(join(home, name), 'utf8').split('\n');
    const { cwd, prompt } = JSON.parse(first);
    say({ id: name.slice(0, -6), cwd, title: prompt, updated: statSync(join(home, name)).mtimeMs });
  }
} else if (positionals[0] === 'export') {
  if (!existsSync(fileOf(positionals[1]))) fail(4, `no session ${positionals[1]}`);
  process.stdout.write(readFileSync(fileOf(positionals[1])));
} else if (positionals[0] === 'run') {
  run();
} else {
  fail(2, 'usage: parrot run | sessions | export <id> | --version');
}

function run() {
  const source = values.resume ?? values.fork;
  if (source !== undefined && !existsSync(fileOf(source))) fail(4, `no session ${source}`);
  if (!known.includes(values.model)) fail(5, `no model ${values.model} (${known.join(', ')})`);
  const id = values.resume ?? randomUUID();
  mkdirSync(home, { recursive: true });
  if (values.fork !== undefined) copyFileSync(fileOf(values.fork), fileOf(id));
  const prompt = readFileSync(0, 'utf8');
  say({ type: 'hello', session: id, model: values.model, version });
  if (process.env.PARROT_KEY === 'wrong') {
    say({ type: 'bye', ok: false, code: 'bad-key', message: 'the key was refused' });
    process.exit(1);
  }
  let turns = 0;
  for (const [, file, text] of prompt.matchAll(/^write (\S+): (.*)$/gm)) {
    turns += 1;
    say({ type: 'tool', id: `t${turns}`, name: 'write', input: { file, text } });
    if (!values['read-only']) writeFileSync(file, `${text}\n`);
    say({ type: 'tool-end', id: `t${turns}`, ok: !values['read-only'], denied: values['read-only'] });
    if (values['max-turns'] !== undefined && turns >= Number(values['max-turns'])) {
      say({ type: 'bye', ok: false, code: 'max-turns', turns, cost: turns * 0.001 });
      process.exit(1);
    }
  }
  const past = existsSync(fileOf(id)) ? readFileSync(fileOf(id), 'utf8').split('\n').length - 1 : 0;
  const answer = `I heard: ${prompt.trim().split('\n')[0]} (${past} before)`;
  say({ type: 'speech', text: answer });
  appendFileSync(fileOf(id), `${JSON.stringify({ cwd: process.cwd(), prompt, answer })}\n`);
  say({
    type: 'bye',
    ok: true,
    turns: turns + 1,
    tokens: { in: prompt.length, out: answer.length },
    cost: (turns + 1) * 0.001,
  });
}
