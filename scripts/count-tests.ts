// node dist/scripts/count-tests.js REPORT EXIT: prints `<passed> <failed>` for .ci/run.
import { readFile } from 'node:fs/promises';
import { countTests } from './ci/test-report.js';

const [report = '', exit = ''] = process.argv.slice(2);
const { passed, failed } = countTests(await readFile(report, 'utf8').catch(() => null), Number(exit));
console.log(passed, failed);
