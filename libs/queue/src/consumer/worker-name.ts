import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** Names this process as no other replica and no earlier start: host (the pod, in Kubernetes) and eight hex digits. */
export const WORKER_NAME = `${hostname()}:${randomBytes(4).toString('hex')}`;
