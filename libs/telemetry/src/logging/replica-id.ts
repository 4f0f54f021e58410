import { randomBytes } from 'node:crypto';

/** Id of this process. Tells nothing about the machine. */
export const REPLICA_ID = randomBytes(4).toString('hex');
