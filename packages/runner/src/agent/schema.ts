import { type Schema, Validator } from '@cfworker/json-schema';
import { agentStepAt, type Effect, outputSchemas, type RunState, stepAt } from '@pawl/core';
import type { Json, JsonObject } from '@pawl/provider';
import { describe } from '../errors.ts';

type RunAgentEffect = Effect & { readonly type: 'run-agent' };

export interface TurnSchemas {
  /** What a CLI that can be held to a schema is held to. */
  readonly asked: JsonObject | undefined;
  /** What every candidate must satisfy. The core reads tasks and verdicts itself, in more shapes than we ask for. */
  readonly judged: JsonObject | undefined;
}

/** The JSON Schemas of a turn's output: the step's own, and that of what is expected. */
export function schemasOf({ step: path, expect }: RunAgentEffect, state: RunState): TurnSchemas {
  const step = stepAt(state, path);
  const own = step && agentStepAt(state.plan, step.address)?.output;
  switch (expect) {
    case 'changes':
      return { asked: undefined, judged: undefined };
    case 'artifact':
      return { asked: own, judged: own };
    case 'tasks':
      return { asked: outputSchemas.tasks, judged: undefined };
    case 'verdict': {
      const both = own && withVerdict(own);
      return { asked: both ?? outputSchemas.verdict, judged: both };
    }
  }
}

/** A verdict with more in it. Not `allOf`: CLIs take a plain object only. */
function withVerdict(own: JsonObject): JsonObject {
  const { verdict } = outputSchemas;
  const properties = { ...objectOf(own.properties), ...objectOf(verdict.properties) };
  const required = new Set([...listOf(verdict.required), ...listOf(own.required)]);
  return { ...own, type: 'object', properties, required: [...required] };
}

const objectOf = (json: Json | undefined): JsonObject =>
  typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as JsonObject) : {};
const listOf = (json: Json | undefined): readonly Json[] => (Array.isArray(json) ? json : []);

const shown = 3;
/** All that is wrong with a larger value is more than can be held, or than anyone reads: then the first of it. */
const allOfChars = 100_000;

/** Where and how a value does not satisfy a schema; undefined when it does. */
export function schemaProblem(json: Json, schema: JsonObject): string | undefined {
  try {
    const firstOnly = JSON.stringify(json).length > allOfChars;
    // A copy: the validator writes into what it is given.
    const { valid, errors } = new Validator(structuredClone(schema) as Schema, '2020-12', firstOnly).validate(json);
    if (valid) return undefined;
    // The outer errors only say that something inside is wrong.
    const outer = new Set(errors.flatMap(({ instanceLocation }) => placesAround(instanceLocation)));
    const innermost = errors.filter(({ instanceLocation }) => !outer.has(instanceLocation));
    const told = new Set(innermost.map(({ instanceLocation, error }) => `${nameOf(instanceLocation)}: ${error}`));
    return [...told].slice(0, shown).join('; ');
  } catch (error) {
    return `the step's schema cannot be used: ${describe(error).message}`;
  }
}

function placesAround(location: string): readonly string[] {
  const segments = location.split('/');
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'));
}

const nameOf = (location: string): string => location.replace(/^#\/?/, '') || 'it';
