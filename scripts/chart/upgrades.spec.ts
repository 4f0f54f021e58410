import { describe, expect, it } from 'vitest';
import { kubernetesObject } from './kubernetes-object.js';
import { immutableFieldChanges } from './upgrades.js';

const deployment = (name: string, app: string, replicas: number) =>
  kubernetesObject({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { replicas, selector: { matchLabels: { app } } },
  });
const service = (spec: object) =>
  kubernetesObject({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'a' },
    spec: { type: 'ClusterIP', ...spec },
  });

describe('refusedChanges', () => {
  it('finds a field that cannot change', () => {
    expect(immutableFieldChanges([deployment('a', 'x', 1)], [deployment('a', 'y', 1)])).toEqual([
      'Deployment a: spec.selector',
    ]);
    expect(immutableFieldChanges([service({})], [service({ clusterIP: 'None', ports: [] })])).toEqual([
      'Service a: spec.clusterIP',
    ]);
  });

  it('finds an object that is made anew under another name', () => {
    expect(immutableFieldChanges([deployment('a', 'x', 1)], [deployment('b', 'x', 1)])).toEqual(['Deployment a: gone']);
  });

  it('lets other fields change, and further objects come', () => {
    expect(immutableFieldChanges([deployment('a', 'x', 1)], [deployment('a', 'x', 2), service({})])).toEqual([]);
  });
});
