export { ended, samplePlan, started, warned } from './samples.ts';
export { type OpenStore, refusal, type StoreSetup } from './setup.ts';
export { testSessionStore } from './suite.ts';
