// `npm run check:chart`: lints and renders the chart with each of its example values, checks what comes out against the
// schemas of Kubernetes and against what the chart promises, and sees it refuse values that are wrong.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Chart } from './chart/chart.js';
import { EXPECTATIONS } from './chart/expectations/expectations.js';
import { POD_EXPECTATIONS } from './chart/expectations/pods.js';
import { JOB_EXPECTATIONS, JOBS, pod } from './chart/jobs.js';
import { typeErrorOf } from './chart/object-types.js';
import { NOTES } from './chart/notes.js';
import { kubernetesObject, type KubernetesObject } from './chart/kubernetes-object.js';
import { REJECTED_VALUES } from './chart/rejected-values.js';
import { chartTools } from './chart/tools.js';
import { immutableFieldChanges } from './chart/upgrades.js';
import { Checklist } from './checks/checklist.js';

const EXAMPLES = 'helm/token-deployer/ci';
const MINIMAL = join(EXAMPLES, 'minimal-values.yaml');
const RELEASED = 'scripts/chart/released.yaml';

const list = new Checklist();
const tools = await chartTools();
const chart = new Chart(tools);

const objectsIn = async (path: string): Promise<readonly KubernetesObject[]> =>
  tools.parseAll(await readFile(path, 'utf8')).map((document) => kubernetesObject(document));
const released = await objectsIn(RELEASED);

for (const name of (await readdir(EXAMPLES)).toSorted()) {
  const values = join(EXAMPLES, name);
  const linted = await failureOf(() => chart.lint(values));
  list.check(`${name}: helm lint`, linted === null, linted);
  const rendering = await chart.rendering(values);
  await checkTypes(name, rendering.objects);
  for (const { description, check } of EXPECTATIONS) list.check(`${name}: ${description}`, check(rendering));
  const notes = await chart.notes(values);
  list.check(`${name}: the notes say what was installed`, NOTES[name]?.test(notes) ?? false, notes);
  const refused = immutableFieldChanges(released, rendering.objects);
  list.check(`${name}: a release that is out can be upgraded to it`, refused.length === 0, refused);
}
await checkTypes('a release whose name is no text in YAML', await new Chart(tools, 'true').render(MINIMAL));
for (const { what, set, says } of REJECTED_VALUES) {
  const refusal = await failureOf(() => chart.render(MINIMAL, set));
  list.check(`refused: ${what}`, refusal !== null && says.test(refusal), refusal);
}
const defaults = await chart.values();
for (const path of JOBS) {
  const jobs = await objectsIn(path);
  await checkTypes(path, jobs);
  for (const job of jobs) {
    for (const { description, check } of POD_EXPECTATIONS)
      list.check(`${path}: its pod ${description}`, check(pod(job.body)));
    for (const { description, check } of JOB_EXPECTATIONS)
      list.check(`${path} ${description}`, check(job.body, defaults));
  }
}
console.log(list.summary);
process.exit(list.passed ? 0 : 1);

async function checkTypes(from: string, objects: readonly KubernetesObject[]): Promise<void> {
  for (const object of objects) {
    const error = await typeErrorOf(tools, object);
    list.check(`${from}: the ${object.kind} has the right types`, error === null, error);
  }
}

async function failureOf(action: () => Promise<unknown>): Promise<string | null> {
  return await action().then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}
