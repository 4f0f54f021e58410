export { deadLetterEntry, type DeadLetterFacts } from './dead-letter-entry.js';
export { MessageEnvelope } from './message-envelope.js';
export { ModelReadyToDeployMessage } from './model-ready-to-deploy-message.js';
export { MESSAGE_TYPE, parseMessage, type ParsedMessage, type ParsingRules } from './parse-message.js';
export { peekIds, type PeekedIds } from './peek-ids.js';
export { readDeadLetter } from './read-dead-letter.js';
export { tokenDeployedEvent, type DeploymentSite } from './token-deployed-event.js';
