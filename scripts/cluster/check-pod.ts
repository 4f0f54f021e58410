import type { Checklist } from '../checks/checklist.js';
import { at, list as elements } from '../chart/kubernetes-object.js';
import type { Namespace } from './namespace.js';
import { evaluate } from './pods.js';

// Tries what a pod may do and what not; prints it as JSON.
const SURVEY = `
const { accessSync, constants, existsSync, readdirSync, readFileSync, statSync, writeFileSync } = require('fs');
const can = (action) => { try { action(); return true; } catch { return false; } };
const folder = '/run/secrets/token-deployer';
console.log(JSON.stringify({
  user: [process.getuid(), process.getgid()],
  capabilities: /CapEff:\\s*(\\w+)/.exec(readFileSync('/proc/1/status', 'utf8'))[1],
  seccomp: /Seccomp:\\s*(\\d)/.exec(readFileSync('/proc/1/status', 'utf8'))[1],
  privileges: /NoNewPrivs:\\s*(\\d)/.exec(readFileSync('/proc/1/status', 'utf8'))[1],
  secrets: readdirSync(folder).filter((name) => !name.startsWith('.')).map((name) => ({
    name,
    mode: (statSync(folder + '/' + name).mode & 0o777).toString(8),
    group: statSync(folder + '/' + name).gid,
    readable: can(() => readFileSync(folder + '/' + name)),
    writable: can(() => accessSync(folder + '/' + name, constants.W_OK)),
  })),
  writes: ['/app', '/var/tmp', '/tmp'].filter((place) => can(() => writeFileSync(place + '/check', ''))),
  serviceLinks: Object.keys(process.env).filter((name) => /^(REDIS|ANVIL|TOKEN_DEPLOYER)_(SERVICE|PORT)/.test(name)),
  token: existsSync('/var/run/secrets/kubernetes.io'),
}));`;

/** What a running pod of the service has and may, seen from inside. */
export async function checkPod(list: Checklist, namespace: Namespace, pod: string): Promise<void> {
  const survey = await evaluate(namespace, pod, SURVEY);
  const found = JSON.stringify(survey);
  const secrets = elements(at(survey, 'secrets'));
  list.check('a pod runs as user and group 1000', String(at(survey, 'user')) === '1000,1000', found);
  const restrictions = [at(survey, 'capabilities'), at(survey, 'seccomp'), at(survey, 'privileges')].map(Number);
  list.check('it has no capability, a seccomp filter, and gains no privilege', restrictions.join() === '0,2,1', found);
  list.check(
    'its secrets are files that it reads and cannot change',
    secrets.length >= 3 && secrets.every((it) => at(it, 'readable') === true && at(it, 'writable') === false),
    found,
  );
  list.check(
    'they are for the group of the pod alone',
    secrets.every((it) => at(it, 'mode') === '440' && at(it, 'group') === 1000),
    found,
  );
  list.check('it can write in /tmp and nowhere else', String(at(survey, 'writes')) === '/tmp', found);
  list.check('it has no variables of services', elements(at(survey, 'serviceLinks')).length === 0, found);
  list.check('it has no token of a service account', at(survey, 'token') === false, found);
}
