export { deadLetterEntry, type DeadLetterFacts } from './dead-letter-entry.js';
export { parseMessage, type ParsedMessage, type ParsingRules } from './parse-message.js';
export { peekIds } from './peek-ids.js';
export { readDeadLetter } from './read-dead-letter.js';
export { type DeploymentSite, eventIdOf, tokenDeployedEvent, tokenUnregisteredEvent } from './token-deployed-event.js';
