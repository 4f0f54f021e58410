import { isDeepStrictEqual } from 'node:util';
import { at, entries, list } from '../kubernetes-object.js';
import {
  enabledAs,
  type Expectation,
  fullname,
  ofKind,
  type Rendering,
  serviceContainer,
  template,
  variables,
} from './rendering.js';

export const CONFIGURATION: readonly Expectation[] = [
  {
    description: 'no secret is made',
    check: ({ objects }) => !objects.some(({ kind }) => kind === 'Secret'),
  },
  {
    description: 'every variable of `config` reaches the service, and no other but what the chart itself needs',
    check: (rendering) => {
      const {
        OPS_API_TOKEN_LIST: _list,
        MESSAGE_KEYS_FILE: _keys,
        ...found
      } = Object.fromEntries(entries(variables(rendering)));
      const own = { PORT: '3000', SHUTDOWN_TIMEOUT: String(at(rendering.values, 'shutdownTimeoutSeconds')) };
      const from = at(serviceContainer(rendering), 'envFrom');
      return (
        isDeepStrictEqual(found, { ...own, ...Object.fromEntries(entries(at(rendering.values, 'config'))) }) &&
        isDeepStrictEqual(from, [
          { configMapRef: { name: fullname(rendering) } },
          ...list(at(rendering.values, 'envFrom')),
        ])
      );
    },
  },
  {
    description: 'another environment makes new pods',
    check: (rendering) =>
      /^[0-9a-f]{64}$/.test(String(at(template(rendering), 'metadata', 'annotations', 'checksum/config'))),
  },
  {
    description: 'every secret is a file that a NAME_FILE variable names',
    check: (rendering) => {
      const secret = at(template(rendering), 'spec', 'volumes', 0, 'secret');
      const files = list(at(secret, 'items'));
      const folder = at(serviceContainer(rendering), 'volumeMounts', 0, 'mountPath');
      const expected = files.map((file) => {
        const name = String(at(file, 'path'));
        return { name: `${name}_FILE`, value: `${String(folder)}/${name}` };
      });
      return (
        files.length >= 3 &&
        isDeepStrictEqual(list(at(serviceContainer(rendering), 'env')), [
          ...expected,
          ...list(at(rendering.values, 'extraEnv')),
        ]) &&
        files.every((file) => at(file, 'key') === at(rendering.values, 'secrets', 'keys', String(at(file, 'path')))) &&
        at(secret, 'secretName') === at(rendering.values, 'secrets', 'existingSecret')
      );
    },
  },
  {
    description: 'an external secret fills every key that the pods read',
    check: (rendering) => {
      const values = at(rendering.values, 'externalSecret');
      const files = list(at(template(rendering), 'spec', 'volumes', 0, 'secret', 'items'));
      const data = files.map((file) => ({
        secretKey: at(file, 'key'),
        remoteRef: at(values, 'data', String(at(file, 'path'))),
      }));
      return enabledAs(at(values, 'enabled'), ofKind(rendering, 'ExternalSecret'), (object) =>
        isDeepStrictEqual(at(object, 'spec'), {
          refreshInterval: at(values, 'refreshInterval'),
          secretStoreRef: at(values, 'secretStoreRef'),
          target: { name: at(rendering.values, 'secrets', 'existingSecret') },
          data,
        }),
      );
    },
  },
  {
    description: 'a list of tokens and a file of keys are where the service looks for them',
    check: (rendering) =>
      isMounted(rendering, 'OPS_API_TOKEN_LIST', 'ops-tokens') &&
      isMounted(rendering, 'MESSAGE_KEYS_FILE', 'message-keys'),
  },
];

function isMounted(rendering: Rendering, variable: string, name: string): boolean {
  const path = at(variables(rendering), variable);
  const mount = list(at(serviceContainer(rendering), 'volumeMounts')).find((it) => at(it, 'name') === name);
  const volume = list(at(template(rendering), 'spec', 'volumes')).find((it) => at(it, 'name') === name);
  const file = `${String(at(mount, 'mountPath'))}/${String(at(volume, 'secret', 'items', 0, 'path'))}`;
  return mount === undefined ? path === undefined && volume === undefined : path === file;
}
