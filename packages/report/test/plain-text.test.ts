import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainLine, plainText } from '../src/index.ts';

describe('plainText', () => {
  test.each([
    ['colour', '\x1b[1;31mred\x1b[0m', 'red'],
    ['colour with colons', '\x1b[38:2::255:0:0mred', 'red'],
    ['cursor movement', 'a\x1b[2Kb\x1b[1A', 'ab'],
    ['a private mode', '\x1b[?25lx\x1b[?25h', 'x'],
    ['a title, ended by BEL', '\x1b]0;own your title\x07after', 'after'],
    ['a link, ended by ST', '\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\', 'click'],
    ['the clipboard, ended by the one byte ST', 'a\x1b]52;c;ZXZpbA==\x9cb', 'ab'],
    ['a device control string', '\x1bP1$r0m\x1b\\ok', 'ok'],
    ['an application command', '\x1b_payload\x1b\\ok', 'ok'],
    ['one byte CSI', '\x9b31mred', 'red'],
    ['one byte OSC', '\x9d0;title\x07red', 'red'],
    ['a character set', '\x1b(Bx', 'x'],
    ['a reset', '\x1bcx', 'x'],
    ['ESC at the end', 'x\x1b', 'x'],
    ['an unfinished CSI', 'x\x1b[12', 'x'],
    ['bell, backspace, delete', 'a\x07b\x08c\x7fd', 'abcd'],
    ['a progress bar', '10%\r20%\r\ndone', '10%\n20%\ndone'],
    ['a tab', 'a\tb', 'a    b'],
    ['text that is written backwards', 'if (admin\u202e) {\u2066', 'if (admin) {'],
    ['hidden text of tags', `a${String.fromCodePoint(0xe0041)}b`, 'ab'],
    ['half a character', 'a\ud83d', 'a\ufffd'],
    ['line separators', 'a\u2028b', 'a\nb'],
    ['umlauts, emoji with joiners, CJK', 'größe 👩‍💻 日本', 'größe 👩‍💻 日本'],
  ])('%s', (_name, raw, plain) => {
    expect(plainText(raw)).toBe(plain);
  });

  test('a string without an end hides its own line and no more', () => {
    expect(plainText('before\x1b]0;hidden\nthe error\nmore')).toBe('before\nthe error\nmore');
  });

  test('a string that is cut off by another sequence ends there', () => {
    expect(plainText('\x1b]0;title\x1b[31mred')).toBe('red');
  });

  test('nothing that a terminal acts on is left, whatever comes in; and once is enough', () => {
    const nasty = fc.array(
      fc.oneof(
        fc.constantFrom('\x1b', '[', ']', 'P', '0', ';', 'm', '\x07', '\\', '\x9b', '\x9d', '\r', '\n', '\u202e', 'é'),
        fc.string({ unit: 'binary' }),
      ),
    );
    fc.assert(
      fc.property(nasty, (parts) => {
        const plain = plainText(parts.join(''));
        for (const character of plain) {
          const code = character.codePointAt(0) ?? 0;
          expect(character === '\n' || (code >= 0x20 && (code < 0x7f || code > 0x9f))).toBe(true);
        }
        expect(plainText(plain)).toBe(plain);
      }),
      { numRuns: 500 },
    );
  });

  test('text without anything of the kind stays as it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~\n]*$/), (text) => {
        expect(plainText(text)).toBe(text);
      }),
    );
  });

  test('a flood of openings takes linear time', () => {
    const flood = '\x1b]'.repeat(1_000_000);
    expect(plainText(`${flood}\nend`)).toBe('\nend');
  });
});

describe('plainLine', () => {
  test('is one line without blanks around', () => {
    expect(plainLine('  two\n\n  lines\t\x1b[31mhere\n')).toBe('two lines here');
  });

  test('takes no more of a text than a line shows', () => {
    expect(plainLine('x'.repeat(1_000_000)).length).toBe(4_000);
  });
});
