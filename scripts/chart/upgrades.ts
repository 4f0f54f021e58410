import { isDeepStrictEqual } from 'node:util';
import { at, type KubernetesObject } from './rendered.js';

type Path = readonly string[];

/** Fields that the API server refuses to change, by kind: an upgrade that changes one fails half-way. */
const IMMUTABLE: Readonly<Record<string, readonly Path[]>> = {
  Deployment: [['spec', 'selector']],
  Service: [
    ['spec', 'clusterIP'],
    ['spec', 'ipFamilies'],
    ['spec', 'ipFamilyPolicy'],
  ],
};
/** Everywhere. */
const IDENTITY: readonly Path[] = [['apiVersion'], ['metadata', 'namespace']];

/** What an upgrade from one rendering to another would change and must not, such as `Deployment release: spec.selector`. */
export function refusedChanges(
  before: readonly KubernetesObject[],
  after: readonly KubernetesObject[],
): readonly string[] {
  return after.flatMap((object) => {
    const old = before.find((candidate) => nameOf(candidate) === nameOf(object));
    if (!old || isHook(object)) return [];
    return [...IDENTITY, ...(IMMUTABLE[object.kind] ?? [])]
      .filter((path) => !isDeepStrictEqual(at(old.body, ...path), at(object.body, ...path)))
      .map((path) => `${nameOf(object)}: ${path.join('.')}`);
  });
}

/** Helm deletes a hook and makes it anew, where its policy says so. */
function isHook({ body }: KubernetesObject): boolean {
  const policy = at(body, 'metadata', 'annotations', 'helm.sh/hook-delete-policy');
  return typeof policy === 'string' && policy.includes('before-hook-creation');
}

function nameOf({ kind, body }: KubernetesObject): string {
  return `${kind} ${String(at(body, 'metadata', 'name'))}`;
}
