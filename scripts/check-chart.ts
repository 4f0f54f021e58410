// `npm run chart:check`: lints and renders the chart with each of its example values, checks what comes out against the
// schemas of Kubernetes and against what the chart promises, and sees it refuse values that are wrong.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Chart } from './chart/chart.js';
import { EXPECTATIONS } from './chart/expectations.js';
import { typeErrorOf } from './chart/object-types.js';
import { kubernetesObject } from './chart/rendered.js';
import { REFUSALS } from './chart/refusals.js';
import { chartTools } from './chart/tools.js';
import { Checklist } from './checks/checklist.js';

const EXAMPLES = 'helm/token-deployer/ci';
const JOB = 'docs/deploy-contracts.yaml';

const list = new Checklist();
const tools = await chartTools();
const chart = new Chart(tools);

for (const name of (await readdir(EXAMPLES)).toSorted()) {
  const values = join(EXAMPLES, name);
  const linted = await failureOf(() => chart.lint(values));
  list.check(`${name}: helm lint`, linted === null, linted);
  const objects = await chart.render(values);
  for (const object of objects) {
    const error = await typeErrorOf(tools, object);
    list.check(`${name}: the ${object.kind} has the right types`, error === null, error);
  }
  for (const { what, holds } of EXPECTATIONS) list.check(`${name}: ${what}`, holds(objects));
}
for (const { what, set, says } of REFUSALS) {
  const refusal = await failureOf(() => chart.render(join(EXAMPLES, 'minimal-values.yaml'), set));
  list.check(`refused: ${what}`, refusal !== null && says.test(refusal), refusal);
}
for (const document of tools.parseAll(await readFile(JOB, 'utf8'))) {
  const error = await typeErrorOf(tools, kubernetesObject(document));
  list.check(`${JOB} has the right types`, error === null, error);
}
console.log(list.summary);
process.exit(list.passed ? 0 : 1);

async function failureOf(action: () => Promise<unknown>): Promise<string | null> {
  return await action().then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}
