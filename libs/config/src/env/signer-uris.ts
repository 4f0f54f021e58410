import { type Environment, readVariable } from './environment.js';
import type { EnvParser } from './env-parser.js';
import { parsePrivateKey, secretsInUrl } from './secret-parsers.js';

interface NamedSource {
  /** URI without secrets. */
  readonly name: string;
}

interface RemoteSource extends NamedSource {
  /** Address that the key must have, lower case; null when any will do. */
  readonly address: string | null;
}

/** Where a deployer account's signatures come from. */
export type SignerSource =
  /** Lower case, 0x-prefixed; null when the variable that `env:` names holds no private key. */
  | (NamedSource & { readonly kind: 'key'; readonly privateKey: string | null })
  /** The file holds one private key, or several with commas between them. */
  | (NamedSource & { readonly kind: 'file'; readonly path: string })
  | (NamedSource & { readonly kind: 'keystore'; readonly path: string; readonly passwordFile: string })
  | (RemoteSource & {
      readonly kind: 'aws-kms';
      readonly keyId: string;
      readonly region: string | null;
      readonly endpoint: string | null;
    })
  | (RemoteSource & { readonly kind: 'gcp-kms'; readonly keyVersion: string; readonly endpoint: string })
  | (RemoteSource & { readonly kind: 'azure-kv'; readonly keyUrl: string })
  | (NamedSource & {
      readonly kind: 'web3signer' | 'clef';
      /** URL, or the path of a Unix socket. */
      readonly endpoint: string;
      /** Lower case. */
      readonly address: string;
    });

const SEPARATOR = /[,\n]/;
/** A private key of 64 digits in place of the name does not fit: the name is shown. */
const VARIABLE_NAME = /^[A-Za-z_]\w{0,62}$/;
const ADDRESS = /^0x[0-9a-f]{40}$/;
const KEY_VERSION =
  /^projects\/[^/?#]+\/locations\/[^/?#]+\/keyRings\/[^/?#]+\/cryptoKeys\/[^/?#]+\/cryptoKeyVersions\/\d+$/;
const KEY_URL = /^https:\/\/[\w.-]+(?::\d+)?\/keys\/[\w-]+\/[0-9a-f]+$/;

/** The parameters of each kind of signer. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  file: [],
  keystore: ['password_file'],
  'aws-kms': ['region', 'endpoint', 'address'],
  'gcp-kms': ['endpoint', 'address'],
  'azure-kv': ['address'],
  web3signer: ['address'],
  clef: ['address'],
};

/** URIs of signers, at least one, each different. */
export function signerUris(): EnvParser<readonly SignerSource[]> {
  return {
    expected:
      'comma- or newline-separated URIs, each different, of `env:`, `file:`, `keystore:`, `aws-kms:`, `gcp-kms:`, `azure-kv:`, `web3signer:` or `clef:` as in docs/keys.md',
    parse: (text) => {
      const sources = itemsIn(text).map((item) => parseSource(item));
      const complete = sources.filter((source) => source !== undefined);
      const isDistinct = new Set(complete.map(({ name }) => name)).size === sources.length;
      return complete.length > 0 && isDistinct ? Object.freeze(complete) : undefined;
    },
    secretsIn: (sources) =>
      sources.flatMap((source) => {
        if (source.kind === 'key')
          return source.privateKey === null ? [] : [source.privateKey, source.privateKey.slice(2)];
        const isUrl = (source.kind === 'web3signer' || source.kind === 'clef') && !source.endpoint.startsWith('/');
        return isUrl ? secretsInUrl(source.endpoint).filter((secret) => !source.name.includes(secret)) : [];
      }),
  };
}

/** Returns the names of the variables that `env:` URIs name. */
export function variablesInSigners(text: string): readonly string[] {
  return itemsIn(text).flatMap((item) => (item.startsWith('env:') ? [item.slice('env:'.length)] : []));
}

/** Adds the value to each `env:` URI, as `env:NAME=value`. */
export function resolveSigners(text: string, environment: Environment): string {
  const resolve = (item: string): string =>
    item.startsWith('env:') ? `${item}=${readVariable(environment, item.slice('env:'.length)) ?? ''}` : item;
  return itemsIn(text).map(resolve).join('\n');
}

function itemsIn(text: string): readonly string[] {
  const items = text.split(SEPARATOR).map((item) => item.trim());
  return items.filter((item) => item !== '');
}

function parseSource(uri: string): SignerSource | undefined {
  const scheme = uri.slice(0, Math.max(0, uri.indexOf(':')));
  const rest = uri.slice(scheme.length + 1);
  if (scheme === 'env') return parseVariable(rest);
  const start = rest.indexOf('?');
  const body = start < 0 ? rest : rest.slice(0, start);
  const query = new URLSearchParams(start < 0 ? '' : rest.slice(start + 1));
  const known = PARAMETERS[scheme];
  const names = [...query.keys()];
  if (body === '' || known === undefined || new Set(names).size !== names.length) return undefined;
  if (!names.every((name) => known.includes(name))) return undefined;
  const address = query.get('address')?.toLowerCase() ?? null;
  const endpoint = query.get('endpoint');
  if (address !== null && !ADDRESS.test(address)) return undefined;
  if (endpoint !== null && !isHttpUrl(endpoint)) return undefined;
  const name = `${scheme}:${body}`;
  switch (scheme) {
    case 'file':
      return body.startsWith('/') ? { kind: 'file', name, path: body } : undefined;
    case 'keystore': {
      const passwordFile = query.get('password_file');
      if (!body.startsWith('/') || passwordFile?.startsWith('/') !== true) return undefined;
      return { kind: 'keystore', name, path: body, passwordFile };
    }
    case 'aws-kms':
      return { kind: 'aws-kms', name, keyId: body, region: query.get('region'), endpoint, address };
    case 'gcp-kms':
      if (!KEY_VERSION.test(body)) return undefined;
      return {
        kind: 'gcp-kms',
        name,
        keyVersion: body,
        endpoint: endpoint ?? 'https://cloudkms.googleapis.com',
        address,
      };
    case 'azure-kv':
      return KEY_URL.test(body) ? { kind: 'azure-kv', name, keyUrl: body, address } : undefined;
    case 'clef':
      if (address === null || !(body.startsWith('/') || isHttpUrl(body))) return undefined;
      return { kind: 'clef', name: `clef:${withoutSecrets(body)}`, endpoint: body, address };
    case 'web3signer':
      if (address === null || !isHttpUrl(body)) return undefined;
      return { kind: 'web3signer', name: `web3signer:${withoutSecrets(body)}`, endpoint: body, address };
    default:
      return undefined;
  }
}

function parseVariable(text: string): SignerSource | undefined {
  const end = text.includes('=') ? text.indexOf('=') : text.length;
  const variable = text.slice(0, end);
  if (!VARIABLE_NAME.test(variable)) return undefined;
  return { kind: 'key', name: `env:${variable}`, privateKey: parsePrivateKey(text.slice(end + 1)) ?? null };
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).hostname !== '';
}

function withoutSecrets(endpoint: string): string {
  return endpoint.startsWith('/') ? endpoint : new URL(endpoint).origin;
}
