// results.mjs <results of vitest> <list of failures>: prints how many tests passed and failed, and adds each that failed, with
// the beginning of its message, to the list.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [results, failures] = process.argv.slice(2);
const report = existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : { testResults: [], numPassedTests: 0 };
const beginning = (text) => text.split('\n').slice(0, 12).join('\n').slice(0, 1500);
const failed = report.testResults.flatMap((file) => {
  const tests = file.assertionResults.filter((test) => test.status === 'failed');
  const name = relative(process.cwd(), file.name);
  if (tests.length > 0)
    return tests.map((test) => `${name} > ${test.fullName}\n${beginning(test.failureMessages.join('\n'))}`);
  return file.status === 'failed' ? [`${name}\n${beginning(file.message ?? '')}`] : [];
});
if (failed.length > 0) appendFileSync(failures, `${failed.join('\n')}\n`);
process.stdout.write(`${report.numPassedTests} ${failed.length}`);
