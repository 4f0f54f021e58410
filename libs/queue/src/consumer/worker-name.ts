import { hostname } from 'node:os';
import { REPLICA_ID } from '#telemetry';

/** Unique name of this process: host (the pod in Kubernetes) and its replica id. */
export const WORKER_NAME = `${hostname()}:${REPLICA_ID}`;
