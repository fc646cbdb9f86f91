import { z } from 'zod';
import { workflowShape } from './workflow.ts';

/** JSON Schema (2020-12) of a workflow file, for editors. Looser than `parseWorkflow`: rules across keys are not in it. */
export function workflowJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(workflowShape, { io: 'input' });
}
