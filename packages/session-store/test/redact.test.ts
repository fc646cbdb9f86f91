import { createRedactor, createStreamRedactor } from '@pawl/session-store';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

// Put together here, so that no scanner takes this file for a leak.
const base62 = 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefghijklmnop';
const pem = (label: string, newline = '\n') =>
  [
    '-----BEGIN ',
    label,
    '-----',
    newline,
    `${base62.slice(0, 48)}+/=${newline}`.repeat(6),
    '-----END ',
    label,
    '-----',
  ].join('');
const tokens: Readonly<Record<string, string>> = {
  anthropic: `sk-ant-${`api03-${base62}`}`,
  openai: `sk-${base62}`,
  'openai project': `sk-proj-${base62.slice(0, 30)}_-${base62.slice(30)}`,
  'github classic': `ghp_${base62.slice(0, 36)}`,
  'github oauth': `gho_${base62.slice(0, 36)}`,
  'github fine-grained': `github_pat_${base62.slice(0, 22)}_${base62}`,
  gitlab: `glpat-${base62.slice(0, 20)}`,
  npm: `npm_${base62.slice(0, 36)}`,
  aws: `AKIA${'ABCDEFGH12345678'}`,
  slack: `xoxb-${'123456789012-1234567890123-AbCdEfGhIj'}`,
  google: `AIza${base62.slice(0, 35)}`,
  jwt: ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0In0', base62].join('.'),
  'private key': pem('RSA PRIVATE KEY'),
  'private key in JSON': pem('OPENSSH PRIVATE KEY', '\\n'),
};

describe('tokens of known shape', () => {
  const redact = createRedactor();

  test.each(Object.entries(tokens))('%s', (_name, token) => {
    for (const [before, after] of [
      ['', ''],
      ['key=', ' end'],
      ['"', '"'],
      ['line\\n', '\\nline'],
      ['\\u001b', '\\u001b[0m'],
      ['\u001b[1;32m', '\u001b[0m'],
      ['https://user:', '@host/'],
      [': ', '.'],
    ] as const) {
      const result = redact(`${before}${token}${after}`);
      expect(result).toContain('[redacted]');
      expect(result.startsWith(before)).toBe(true);
      expect(result.endsWith(after)).toBe(true);
      expect(result).not.toContain(token.slice(8, 24));
    }
  });

  test('a private key that is cut off', () => {
    const cut = pem('RSA PRIVATE KEY').slice(0, 200);
    expect(redact(`before\n${cut}`)).toBe(`before\n[redacted]${'\n'.repeat(cut.split('\n').length - 1)}`);
  });

  test('what an Authorization header bears', () => {
    expect(redact(`Authorization: Bearer ${base62}`)).toBe('Authorization: Bearer [redacted]');
  });

  test.each([
    'a task-runner-with-a-long-name-1234567890',
    'sk-learn and sk-estimators-have-no-digits-here',
    'commit 0123456789abcdef0123456789abcdef01234567',
    'session 5f0c2f0e-8a43-4a70-9d1e-2b7c6a1d0c55',
    'decompose/auth/impl#2/run-agent',
    'the header -----BEGIN PRIVATE KEY----- begins a key',
    'Bearer authentication is described below',
    'eyJ is how a JWT begins',
    'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
  ])('leaves alone: %s', (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe('known secrets', () => {
  test('as they are, in JSON, in URLs', () => {
    const secret = 'p"ss\\wörd/&\n1';
    const redact = createRedactor([secret]);
    expect(redact(`a ${secret} b`)).toBe('a [redacted]\n b');
    expect(redact(JSON.stringify({ value: secret }))).toBe('{"value":"[redacted]"}');
    expect(redact(`https://x/?p=${encodeURIComponent(secret)}`)).toBe('https://x/?p=[redacted]');
  });

  test('the longer one first, and short ones not at all', () => {
    const redact = createRedactor(['password', 'password-and-more', 'abc', '']);
    expect(redact('password-and-more, password, abc')).toBe('[redacted], [redacted], abc');
  });

  test.each(['redacted', '[redacted]', 'x$&$1.*(a|b)+', '\uD800 lone surrogate'])('a strange one: %j', (secret) => {
    const redact = createRedactor([secret]);
    const once = redact(`before ${secret} after`);
    expect(redact(once)).toBe(once);
    if (!'[redacted]'.includes(secret)) expect(once).toBe('before [redacted] after');
  });
});

describe('properties', () => {
  const secrets = fc.array(fc.string({ minLength: 8, maxLength: 20 }), { maxLength: 4 });
  const pieces = (known: readonly string[]) =>
    fc.array(fc.oneof(fc.string(), fc.constantFrom(...Object.values(tokens), ...known, ' ', '\n')), { maxLength: 12 });

  test('secrets that overlap go as a whole', () => {
    const token = tokens.anthropic ?? Object.values(tokens)[0]!;
    expect(createRedactor([`${token.slice(-6)} and more`])(`${token} and more`)).toBe('[redacted]');
    expect(createRedactor(['abcdefgh', 'efghijkl'])('abcdefghijkl')).toBe('[redacted]');
    expect(createRedactor([`#known-secret#`])(`sk-ant-${'a1'.repeat(10)}#known-secret#`)).toBe('[redacted][redacted]');
  });

  test('nothing known remains, and twice is as once', () => {
    const cases = secrets.chain((known) => fc.tuple(fc.constant(known), pieces(known)));
    fc.assert(
      fc.property(cases, ([known, parts]) => {
        const redact = createRedactor(known);
        const result = redact(parts.join(''));
        for (const secret of known)
          if (!'[redacted]'.includes(secret)) expect(result.replaceAll('[redacted]', '')).not.toContain(secret);
        expect(redact(result)).toBe(result);
      }),
      { numRuns: 500 },
    );
  });

  test('a stream gives what the whole text gives, however it is cut, as text or as bytes', () => {
    const redact = createRedactor();
    const lines = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...Object.values(tokens))));
    fc.assert(
      fc.property(lines, fc.array(fc.nat({ max: 300 })), fc.boolean(), (parts, cuts, bytes) => {
        const text = parts.join('\n');
        const whole = bytes ? Buffer.from(text) : text;
        const stream = createStreamRedactor(redact);
        let given = '';
        let at = 0;
        for (const length of cuts) {
          given += stream.write(whole.slice(at, at + length));
          at += length;
        }
        given += stream.write(whole.slice(at)) + stream.end();
        expect(given).toBe(redact(text));
        expect(given.split('\n')).toHaveLength(text.split('\n').length);
      }),
      { numRuns: 300 },
    );
  });

  test('whole lines leave at once, an open private key waits', () => {
    const stream = createStreamRedactor(createRedactor());
    const key = tokens['private key']!;
    expect(stream.write('one\ntw')).toBe('one\n');
    expect(stream.write(`o\nkey ${key.slice(0, 150)}`)).toBe('two\n');
    expect(stream.write(key.slice(150, 300))).toBe('');
    const lines = key.split('\n').length;
    expect(stream.write(`${key.slice(300)}\nthree\n`)).toBe(`key [redacted]${'\n'.repeat(lines)}three\n`);
    expect(stream.write(`-----BEGIN PRIVATE KEY-----\n${'- no key\n'.repeat(5000)}`)).toHaveLength(45_028);
  });

  test('a line without end is not kept for ever', () => {
    const stream = createStreamRedactor(createRedactor());
    let given = 0;
    for (let round = 0; round < 100; round += 1) given += stream.write('x'.repeat(100_000)).length;
    expect(given).toBeGreaterThan(5_000_000);
    expect(given + stream.end().length).toBe(10_000_000);
  });
});

test.each([
  'eyJ',
  'sk-',
  '-----BEGIN PRIVATE KEY-----',
  'sk-ant-',
  'Bearer ',
  'eyJaaaaaaaa.',
  '-',
  '-----BEGIN PRIVATE KEY-----\n',
  '\\n',
])('a flood of %j ends', (piece) => {
  createRedactor()(piece.repeat(Math.ceil(2_000_000 / piece.length)));
});
