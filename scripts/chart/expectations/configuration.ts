import { isDeepStrictEqual } from 'node:util';
import { at, entries, list } from '../rendered.js';
import { type Expectation, fullname, serviceContainer, template, variables } from './rendering.js';

export const CONFIGURATION: readonly Expectation[] = [
  {
    what: 'no secret is made',
    holds: ({ objects }) => !objects.some(({ kind }) => kind === 'Secret'),
  },
  {
    what: 'every variable of `config` reaches the service, and no other but what the chart itself needs',
    holds: (rendering) => {
      const { OPS_API_TOKEN_LIST: _, ...found } = Object.fromEntries(entries(variables(rendering)));
      const own = { PORT: '3000', SHUTDOWN_TIMEOUT: String(at(rendering.values, 'shutdownTimeoutSeconds')) };
      const from = at(serviceContainer(rendering), 'envFrom');
      return (
        isDeepStrictEqual(found, { ...own, ...Object.fromEntries(entries(at(rendering.values, 'config'))) }) &&
        isDeepStrictEqual(from, [{ configMapRef: { name: fullname(rendering) } }])
      );
    },
  },
  {
    what: 'another environment makes new pods',
    holds: (rendering) =>
      /^[0-9a-f]{64}$/.test(String(at(template(rendering), 'metadata', 'annotations', 'checksum/config'))),
  },
  {
    what: 'every secret is a file that a NAME_FILE variable names',
    holds: (rendering) => {
      const secret = at(template(rendering), 'spec', 'volumes', 0, 'secret');
      const files = list(at(secret, 'items'));
      const folder = at(serviceContainer(rendering), 'volumeMounts', 0, 'mountPath');
      const expected = files.map((file) => {
        const name = String(at(file, 'path'));
        return { name: `${name}_FILE`, value: `${String(folder)}/${name}` };
      });
      return (
        files.length >= 3 &&
        isDeepStrictEqual(list(at(serviceContainer(rendering), 'env')), expected) &&
        files.every((file) => at(file, 'key') === at(rendering.values, 'secrets', 'keys', String(at(file, 'path')))) &&
        at(secret, 'secretName') === at(rendering.values, 'secrets', 'existingSecret')
      );
    },
  },
  {
    what: 'a list of tokens is where the service looks for it',
    holds: (rendering) => {
      const path = at(variables(rendering), 'OPS_API_TOKEN_LIST');
      const mount = list(at(serviceContainer(rendering), 'volumeMounts')).find((it) => at(it, 'name') === 'ops-tokens');
      const volumes = list(at(template(rendering), 'spec', 'volumes'));
      const volume = volumes.find((it) => at(it, 'name') === 'ops-tokens');
      const file = `${String(at(mount, 'mountPath'))}/${String(at(volume, 'secret', 'items', 0, 'path'))}`;
      return mount === undefined ? path === undefined && volume === undefined : path === file;
    },
  },
];
