/** One object of a manifest. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** All of it, as YAML says it. */
  readonly body: object;
}

/** @throws Error when it is not an object of Kubernetes */
export function kubernetesObject(body: unknown): KubernetesObject {
  const [apiVersion, kind] = [at(body, 'apiVersion'), at(body, 'kind')];
  const complete = typeof apiVersion === 'string' && typeof kind === 'string';
  if (complete && typeof body === 'object' && body !== null) return { apiVersion, kind, body };
  throw new Error(`this is no object of Kubernetes: ${JSON.stringify(body)}`);
}

/** What is at a path of keys and indexes; undefined where the path ends early. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = Reflect.get(found, key);
  }
  return found;
}

/** The elements of a list, or none. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The keys of an object with what they hold; none when it is none. */
export function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

/** Values with others over them, as helm does: maps key by key, all else as a whole. */
export function merged(values: unknown, over: unknown): unknown {
  if (over === undefined) return values;
  if (typeof over !== 'object' || over === null || Array.isArray(over)) return over;
  const keys = new Set([...entries(values), ...entries(over)].map(([key]) => key));
  return Object.fromEntries([...keys].map((key) => [key, merged(at(values, key), at(over, key))]));
}
