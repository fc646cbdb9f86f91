import { expect } from 'vitest';
import type { SessionStore } from '../contract.ts';
import { StoreError, type StoreErrorCode } from '../errors.ts';

/** What {@link testSessionStore} is given. */
export interface StoreSetup {
  /** A module that exports `open(location)`; also imported by other processes. */
  readonly module: URL;
  /** The place of a new, empty store. */
  place(): Promise<string>;
}

export type OpenStore = (location: string) => SessionStore | Promise<SessionStore>;

/** Opens stores of one place and closes them all at the end. */
export interface Stores {
  open(location: string): Promise<SessionStore>;
  closeAll(): Promise<void>;
}

export async function openAt(setup: StoreSetup): Promise<Stores> {
  const { open } = (await import(setup.module.href)) as { readonly open: OpenStore };
  const opened: SessionStore[] = [];
  return {
    async open(location) {
      const store = await open(location);
      opened.push(store);
      return store;
    },
    async closeAll() {
      await Promise.all(opened.splice(0).map((store) => store.close()));
    },
  };
}

/** All that comes. */
export async function allOf<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The error itself, so that a test can ask for more than its code. */
export async function refusal(work: Promise<unknown>, code: StoreErrorCode): Promise<StoreError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!StoreError.is(error)) throw new Error(`expected a StoreError ${code}, got ${String(error)}`);
  expect(error.code).toBe(code);
  return error;
}
