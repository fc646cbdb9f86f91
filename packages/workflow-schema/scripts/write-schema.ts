// Part of the build: the JSON Schema as a file of the package, for editors and other tools.
import { writeFile } from 'node:fs/promises';
import { workflowJsonSchema } from '../src/shape/json-schema.ts';

const file = new URL('../dist/workflow.schema.json', import.meta.url);
await writeFile(file, `${JSON.stringify(workflowJsonSchema(), undefined, 2)}\n`);
