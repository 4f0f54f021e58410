export { WorkerModule as DeploymentModule } from './worker.module.js';
export { DeploymentWorkers as DeploymentRunner } from './deployment-workers.js';
export { WorkerSettings as DeploymentSettings } from './worker-settings.js';
