// Asks the registry for known vulnerabilities of the packages that ship. Exit code 1: some are high or critical; 2: no
// registry answered, so the result is unknown.
import { spawnSync } from 'node:child_process';

const args = ['audit', '--json', '--omit=dev', '--omit=optional'];
const { stdout, error } = spawnSync('npm', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
const report = record(parsed(stdout));
const counts = record(record(report['metadata'])['vulnerabilities']);
const { total, high, critical } = counts;
if (typeof total !== 'number' || typeof high !== 'number' || typeof critical !== 'number') {
  const said = report['message'];
  const reason = error?.message ?? (typeof said === 'string' ? said : 'npm audit gave no report');
  console.error(`The dependencies were NOT audited: ${reason}`);
  process.exit(2);
}
for (const [name, found] of Object.entries(record(report['vulnerabilities']))) {
  console.error(`${String(record(found)['severity'])}: ${name} ${String(record(found)['range'])}`);
}
console.log(`${total} vulnerable packages among those that ship: ${high} high, ${critical} critical`);
process.exitCode = high + critical > 0 ? 1 : 0;

/**
 * @param {string} text
 * @returns {unknown}
 */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * @param {unknown} value
 * @returns {Record<string, unknown>}
 */
function record(value) {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
