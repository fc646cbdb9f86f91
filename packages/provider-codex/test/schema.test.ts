import { describe, expect, test } from 'vitest';
import { strictSchema, withoutNulls } from '../src/schema.ts';

const task = {
  type: 'object',
  properties: { name: { type: 'string' }, files: { type: 'array', items: { $ref: '#/$defs/file' } } },
  required: ['name'],
};
const schema = {
  type: 'object',
  title: 'plan',
  properties: { tasks: { type: 'array', items: task }, note: { type: ['string', 'null'] } },
  required: ['tasks'],
  $defs: { file: { type: 'object', properties: { path: { type: 'string' }, size: { type: 'integer' } } } },
};

describe('the form that the API takes', () => {
  test('every object is closed and every property required; what may be absent may be null', () => {
    expect(strictSchema(schema)).toEqual({
      ...{ type: 'object', title: 'plan', additionalProperties: false, required: ['tasks', 'note'] },
      properties: {
        tasks: {
          type: 'array',
          items: {
            ...{ type: 'object', additionalProperties: false, required: ['name', 'files'] },
            properties: {
              name: { type: 'string' },
              files: { anyOf: [{ type: 'array', items: { $ref: '#/$defs/file' } }, { type: 'null' }] },
            },
          },
        },
        note: { anyOf: [{ type: ['string', 'null'] }, { type: 'null' }] },
      },
      $defs: {
        file: {
          ...{ type: 'object', additionalProperties: false, required: ['path', 'size'] },
          properties: {
            path: { anyOf: [{ type: 'string' }, { type: 'null' }] },
            size: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
          },
        },
      },
    });
  });

  test('a strict one stays as it is, and so does what has no properties', () => {
    const strict = {
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
      additionalProperties: false,
    };
    expect(strictSchema(strict)).toEqual(strict);
    expect(strictSchema({ anyOf: [strict, { type: 'null' }] })).toEqual({ anyOf: [strict, { type: 'null' }] });
    const map = { type: 'object', additionalProperties: { type: 'string' } };
    expect(strictSchema(map)).toEqual(map);
  });
});

describe('an answer to it', () => {
  test('loses the nulls that stand for what is absent, and no others', () => {
    const answer = {
      tasks: [
        { name: 'a', files: null },
        { name: 'b', files: [{ path: 'x', size: null }] },
      ],
      note: null,
    };
    expect(withoutNulls(answer, schema)).toEqual({
      tasks: [{ name: 'a' }, { name: 'b', files: [{ path: 'x' }] }],
      note: null,
    });
  });

  test('that is something else stays as it is', () => {
    expect(withoutNulls('text', schema)).toBe('text');
    expect(withoutNulls({ other: null }, schema)).toEqual({ other: null });
    expect(withoutNulls([null], { type: 'array' })).toEqual([null]);
    expect(withoutNulls({ a: null }, { $ref: '#/nowhere', properties: { a: { type: 'string' } } })).toEqual({});
  });
});
