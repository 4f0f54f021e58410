import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** Unique name of this process: host (the pod in Kubernetes) and eight hex digits. */
export const WORKER_NAME = `${hostname()}:${randomBytes(4).toString('hex')}`;
