import { type EventLog, readFactoryLogs } from './factory/factory-logs.js';
import { readRegistrations, readTokenManagerDeployments } from './token-manager/token-manager-logs.js';

/** Decodes a log if it is an event of these contracts. @throws when its topics or data have another shape */
export function requireDecodableEvent(log: EventLog): void {
  for (const read of [readFactoryLogs, readTokenManagerDeployments, readRegistrations]) read(log.address, [log]);
}
