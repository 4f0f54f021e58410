export { BACKEND_TOPICS, type BackendSettings, tokenContracts } from './backend-choice.js';
export { ChainModule } from './chain.module.js';
export { ChainRunner } from './chain-runner.js';
export { LaneProbe } from './lane-probe.js';
export { openChainWitness } from './history/open-witness.js';
export { RpcProbe } from './rpc-probe.js';
export { JsonRpcEndpoint } from './rpc/json-rpc-endpoint.js';
