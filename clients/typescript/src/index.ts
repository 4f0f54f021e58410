export type { MetricDirection } from './improvement.js';
export type { FlatMessage, MessageEnvelope, ModelReadyToDeployPayload } from './message.js';
export {
  envelopeOf,
  MessageRefusedError,
  NotReplicatedError,
  type ProducerOptions,
  TokenProducer,
} from './producer.js';
export { type SignedMessage, type SigningKey, signMessage } from './signature.js';
export { MessageChecker, type ServiceSettings, type Verdict } from './verdict.js';
