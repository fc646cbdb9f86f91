// A script in the place of an agent: it reads its prompt, and knows the two tasks of this demo by heart.
import { writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';

const prompt = await text(process.stdin);
const [, , role] = process.argv;
const [, task, step] = (process.env.PAWL_STEP ?? '').split('/');
const attempt = Number(process.env.PAWL_ATTEMPT);

const say = (line) => console.log(JSON.stringify({ type: 'text', text: `${line}\n` }));
const spend = (inputTokens, outputTokens, costUsd) =>
  console.log(JSON.stringify({ type: 'usage', inputTokens, outputTokens, costUsd, turns: 1 }));
const write = (path, content) => {
  console.log(JSON.stringify({ type: 'tool', name: 'write', kind: 'edit', input: { path } }));
  writeFileSync(path, content);
};

const tests = {
  slugify: `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slugify } from '../src/slugify.js';

test('a title becomes a slug', () => {
  assert.equal(slugify('Two  more, tools'), 'two-more-tools');
  assert.equal(slugify('Crème brûlée!'), 'creme-brulee');
});
`,
  truncate: `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { truncate } from '../src/truncate.js';

test('a text is cut at the end of a word', () => {
  assert.equal(truncate('one two three', 20), 'one two three');
  assert.equal(truncate('one two three', 9), 'one two…');
  assert.equal(truncate('one two three four', 9), 'one two…');
  assert.equal(truncate('see /users/{id} first', 16), 'see /users/{id}…');
});
`,
};

// From bad to good: a cheap agent needs the failure of its gate to get further.
const drafts = {
  slugify: [
    `export const slugify = (title) => title.toLowerCase().replaceAll(' ', '-');
`,
    `/** A title as it can stand in an address. */
export function slugify(title) {
  return title
    .normalize('NFKD')
    .replace(/\\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
`,
  ],
  truncate: [
    `export const truncate = (text, limit) => text.slice(0, limit);
`,
    `export const truncate = (text, limit) => (text.length > limit ? text.slice(0, limit - 1) + '…' : text);
`,
    `export const truncate = (text, limit) => (text.length > limit ? text.slice(0, text.lastIndexOf(' ')) + '…' : text);
`,
    `/** At most \`limit\` characters of a text, cut at the end of a word. */
export function truncate(text, limit) {
  if (text.length <= limit) return text;
  const end = text.lastIndexOf(' ', limit - 1);
  return \`\${text.slice(0, end > 0 ? end : limit - 1)}…\`;
}
`,
  ],
};

if (role === 'planner') {
  say(`I read ${prompt.length} characters and see two tasks that do not touch each other.`);
  const tasks = Object.keys(tests).map((name) => ({
    name,
    description: `Write ${name} as the specification says.`,
    files: [`src/${name}.js`, `test/${name}.test.js`],
  }));
  say(`\`\`\`json\n${JSON.stringify({ tasks })}\n\`\`\``);
  spend(5200, 310, 0.034);
} else if (step === 'red') {
  say(`The tests of ${task} come first.`);
  write(`test/${task}.test.js`, tests[task]);
  spend(2100, 260, 0.0031);
} else {
  const draft = Math.min(attempt, drafts[task].length) - 1;
  say(attempt === 1 ? `Now ${task} itself.` : `The gate says why it failed; attempt ${attempt}.`);
  write(`src/${task}.js`, drafts[task][draft]);
  if (role === 'strong') spend(6400, 420, 0.0255);
  else spend(2600, 180, 0.0035);
}
