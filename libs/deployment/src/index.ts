export { DeploymentModule } from './deployment.module.js';
export { DeploymentRunner } from './deployment-runner.js';
export { DeploymentSettings } from './deployment-settings.js';
