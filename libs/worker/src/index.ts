export { WorkerModule } from './worker.module.js';
export { DeploymentWorkers } from './deployment-workers.js';
export { WorkerSettings } from './worker-settings.js';
export { KeyTypeHolds } from './maintenance/key-type-holds.service.js';
