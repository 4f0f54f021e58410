export { deadLetterEntry, type DeadLetterFacts } from './dead-letters/dead-letter-entry.js';
export { parseMessage, type ParsedMessage, type ParsingRules } from './parse-message.js';
export { extractIdsLeniently as peekIds } from './dead-letters/extract-ids.js';
export { readDeadLetter } from './dead-letters/read-dead-letter.js';
export { type AllowList } from './signatures/allow-list.js';
export {
  InvalidMessageKeysError,
  type MessageKeys,
  parseMessageKeys,
  type Producer,
} from './signatures/message-keys.js';
export type { SignedMessage } from './signatures/signed-message.js';
export { ANYONE, type Sender, verifySignature } from './signatures/verify-signature.js';
export type { JsonSchema } from './schemas/json-schema.js';
export { messageSchemas } from './schemas/message-schemas.js';
export {
  type EventContext as DeploymentSite,
  eventIdOf,
  tokenDeployedEvent,
  tokenUnregisteredEvent,
} from './events/token-deployed-event.js';
