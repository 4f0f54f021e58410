// `npm run chart:check`: lints and renders the chart with each of its example values, checks what comes out against the
// schemas of Kubernetes and against what the chart promises, and sees it refuse values that are wrong.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Chart } from './chart/chart.js';
import { EXPECTATIONS } from './chart/expectations.js';
import { typeErrorOf } from './chart/object-types.js';
import { NOTES } from './chart/notes.js';
import { kubernetesObject, type KubernetesObject } from './chart/rendered.js';
import { REFUSALS } from './chart/refusals.js';
import { chartTools } from './chart/tools.js';
import { refusedChanges } from './chart/upgrades.js';
import { Checklist } from './checks/checklist.js';

const EXAMPLES = 'helm/token-deployer/ci';
const JOB = 'docs/deploy-contracts.yaml';

const list = new Checklist();
const tools = await chartTools();
const chart = new Chart(tools);

const renderings = new Map<string, readonly KubernetesObject[]>();

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
  const notes = await chart.notes(values);
  list.check(`${name}: the notes say what was installed`, NOTES[name]?.test(notes) ?? false, notes);
  renderings.set(name, objects);
}
for (const [from, before] of renderings) {
  for (const [to, after] of renderings) {
    if (from === to) continue;
    const refused = refusedChanges(before, after);
    list.check(`upgrade from ${from} to ${to}: changes no field that cannot change`, refused.length === 0, refused);
  }
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
