import { randomBytes } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';

/** Of this process; says nothing about the machine. */
const REPLICA = randomBytes(4).toString('hex');

/**
 * Tells a client which replica answered. Counters, holds and components are those of one replica: who asks through a load
 * balancer would otherwise take the difference between two replicas for a change.
 */
export function setReplicaId(_request: Request, response: Response, next: NextFunction): void {
  response.set('X-Replica-Id', REPLICA);
  next();
}
