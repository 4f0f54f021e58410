import { describe, expect, it } from 'vitest';
import { kubernetesObject } from './rendered.js';
import { refusedChanges } from './upgrades.js';

const deployment = (name: string, app: string, replicas: number) =>
  kubernetesObject({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { replicas, selector: { matchLabels: { app } } },
  });
const testPod = (image: string, policy: string) =>
  kubernetesObject({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'test', namespace: image, annotations: { 'helm.sh/hook-delete-policy': policy } },
  });

describe('refusedChanges', () => {
  it('finds a field that cannot change', () => {
    expect(refusedChanges([deployment('a', 'x', 1)], [deployment('a', 'y', 1)])).toEqual([
      'Deployment a: spec.selector',
    ]);
  });

  it('lets other fields change, and objects come and go', () => {
    expect(refusedChanges([deployment('a', 'x', 1)], [deployment('a', 'x', 2)])).toEqual([]);
    expect(refusedChanges([deployment('a', 'x', 1)], [deployment('b', 'y', 1)])).toEqual([]);
  });

  it('leaves out what helm makes anew', () => {
    expect(refusedChanges([testPod('one', 'before-hook-creation')], [testPod('two', 'before-hook-creation')])).toEqual(
      [],
    );
    expect(refusedChanges([testPod('one', 'hook-failed')], [testPod('two', 'hook-failed')])).toHaveLength(1);
  });
});
