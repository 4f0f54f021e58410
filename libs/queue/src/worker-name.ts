import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** A name that no other replica and no earlier start of this one has: host (the pod, in Kubernetes) and eight hex digits. */
export function workerName(): string {
  return `${hostname()}:${randomBytes(4).toString('hex')}`;
}
