import { isDeepStrictEqual } from 'node:util';
import { at, type KubernetesObject } from './kubernetes-object.js';

/** What the API server refuses to change, where a kind has it: an upgrade that changes one of them fails half-way. */
const IMMUTABLE: readonly (readonly string[])[] = [
  ['apiVersion'],
  ['metadata', 'namespace'],
  ['spec', 'selector'],
  ['spec', 'clusterIP'],
  ['spec', 'ipFamilies'],
  ['spec', 'ipFamilyPolicy'],
];

/** What an upgrade from a release that is out would change and must not, such as `Deployment release: spec.selector`. */
export function immutableFieldChanges(
  released: readonly KubernetesObject[],
  rendered: readonly KubernetesObject[],
): readonly string[] {
  return released.flatMap((old) => {
    const object = rendered.find((candidate) => nameOf(candidate) === nameOf(old));
    if (!object) return [`${nameOf(old)}: gone`];
    return IMMUTABLE.filter((path) => !isDeepStrictEqual(at(old.body, ...path), at(object.body, ...path))).map(
      (path) => `${nameOf(old)}: ${path.join('.')}`,
    );
  });
}

function nameOf({ kind, body }: KubernetesObject): string {
  return `${kind} ${String(at(body, 'metadata', 'name'))}`;
}
