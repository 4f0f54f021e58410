import { at, entries, type KubernetesObject, list } from '../kubernetes-object.js';

/** What comes out of the chart, and what went in. */
export interface Rendering {
  readonly objects: readonly KubernetesObject[];
  /** The chart's own values with those of an example. */
  readonly values: unknown;
  readonly appVersion: string;
  /** files/alerts.yaml */
  readonly alerts: unknown;
  /** files/dashboard.json */
  readonly dashboard: string;
}

/** A rule that the rendered manifests keep for all values. */
export interface Expectation {
  readonly description: string;
  readonly check: (rendering: Rendering) => boolean;
}

/** The first one; undefined when there is none. */
export function ofKind({ objects }: Rendering, wanted: string): unknown {
  return objects.find(({ kind }) => kind === wanted)?.body;
}

export function deployment(rendering: Rendering): unknown {
  return ofKind(rendering, 'Deployment');
}

/** The deployment's name, which most objects share. */
export function fullname(rendering: Rendering): unknown {
  return at(deployment(rendering), 'metadata', 'name');
}

/** What the pods of the service are made from. */
export function template(rendering: Rendering): unknown {
  return at(deployment(rendering), 'spec', 'template');
}

/** Those of the service first, then that of the test. */
export function podSpecs(rendering: Rendering): readonly unknown[] {
  return [at(template(rendering), 'spec'), at(ofKind(rendering, 'Pod'), 'spec')];
}

export function containers(pod: unknown): readonly unknown[] {
  return list(at(pod, 'containers'));
}

export function serviceContainer(rendering: Rendering): unknown {
  return containers(at(template(rendering), 'spec'))[0];
}

/** The variables of the service. */
export function variables(rendering: Rendering): unknown {
  const maps = rendering.objects.filter(({ kind }) => kind === 'ConfigMap').map(({ body }) => body);
  return at(
    maps.find((it) => at(it, 'metadata', 'name') === fullname(rendering)),
    'data',
  );
}

/** Whether labels have all of the others. */
export function matches(selector: unknown, labels: unknown): boolean {
  return entries(selector).length > 0 && entries(selector).every(([name, value]) => at(labels, name) === value);
}

/** Whether an object is there just when a value says so, and then as it has to be. */
export function enabledAs(enabled: unknown, object: unknown, holds: (object: unknown) => boolean): boolean {
  return enabled === true ? object !== undefined && holds(object) : object === undefined;
}

/** Whether an object has the labels and annotations of its values, and just their namespace. */
export function hasMetadata(object: unknown, values: unknown): boolean {
  const has = (key: 'labels' | 'annotations'): boolean =>
    entries(at(values, key)).every(([name, value]) => at(object, 'metadata', key, name) === value);
  const namespace = at(object, 'metadata', 'namespace') === setOrUndefined(at(values, 'namespace'));
  return namespace && has('labels') && has('annotations');
}

/** A value as it is rendered: nothing where it is empty. */
export function setOrUndefined(value: unknown): unknown {
  const empty =
    value === '' || value === 0 || value === false || (typeof value === 'object' && entries(value).length === 0);
  return empty ? undefined : value;
}
