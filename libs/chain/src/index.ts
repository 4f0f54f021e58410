export {
  BACKEND_CONFIGS as BACKEND_TOPICS,
  type BackendConfigs as BackendSettings,
  tokenContracts,
} from './backends/token-backend.factory.js';
export { ChainModule } from './chain.module.js';
export { ChainService as ChainRunner } from './chain.service.js';
export { LaneHealth as LaneProbe } from './lanes/status/lane.health.js';
export { openChainStateReader as openChainWitness } from './history/chain-state-reader.factory.js';
export { RpcHealth as RpcProbe } from './rpc/health/rpc.health.js';
export { SEND_RESULTS } from './rpc/pool/send-result.js';
export { createEndpoints } from './rpc/transport/json-rpc-endpoint.factory.js';
export { JsonRpcEndpoint } from './rpc/transport/json-rpc-endpoint.js';
export { findPublishedSigner } from './startup/published-keys.js';
export { createSigningPolicy } from './startup/signing-policy.factory.js';
export { maximumPolicy } from './spending/maximum-policy.js';
