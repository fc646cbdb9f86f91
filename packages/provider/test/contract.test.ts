import type {
  AgentEvent,
  OpenRequest,
  Provider,
  SessionRef,
  StandardSchema,
  TurnEnd,
  TurnOutcome,
} from '@pawl/provider';
import { expectTypeOf, test } from 'vitest';

/** Checked by the type checker; what holds here must go on holding for adapters that exist. */
test('a provider of certain options is a provider', () => {
  expectTypeOf<Provider<{ binary: string }>>().toExtend<Provider>();
});

test('an event is told apart by its type', () => {
  expectTypeOf<Extract<AgentEvent, { type: 'turn-end' }>>().toExtend<TurnEnd>();
  expectTypeOf<Extract<AgentEvent, { type: 'tool-result' }>['status']>().toEqualTypeOf<'ok' | 'error' | 'denied'>();
  expectTypeOf<TurnOutcome['kind']>().toEqualTypeOf<'completed' | 'limited' | 'refused' | 'cancelled' | 'failed'>();
});

test('a reference is JSON', () => {
  expectTypeOf<SessionRef>().toExtend<{ provider: string; id: string; cwd: string }>();
  expectTypeOf<OpenRequest['start']['kind']>().toEqualTypeOf<'new' | 'resume' | 'continue' | 'fork' | 'ephemeral'>();
});

test('a schema without a value has issues', () => {
  expectTypeOf<StandardSchema<number>['~standard']['version']>().toEqualTypeOf<1>();
});
