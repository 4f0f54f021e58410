/** One object that the chart rendered. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** All of it, as YAML says it. */
  readonly body: object;
}

/** @throws Error when it is not an object of Kubernetes */
export function kubernetesObject(body: unknown): KubernetesObject {
  const [apiVersion, kind, name] = [at(body, 'apiVersion'), at(body, 'kind'), at(body, 'metadata', 'name')];
  const complete = typeof apiVersion === 'string' && typeof kind === 'string' && typeof name === 'string';
  if (complete && typeof body === 'object' && body !== null) return { apiVersion, kind, body };
  throw new Error(`the chart rendered something that is no object: ${JSON.stringify(body)}`);
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
