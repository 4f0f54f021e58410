export { parseTokenList } from './auth/token-list.js';
export { configureHttp } from './configure-http.js';
export { ConsoleSettings } from './console/console-settings.js';
export { describeApi } from './describe-api.js';
export { DependencyProbes } from './health/component-states.health.js';
export {
  HardenedExpressAdapter as BoundedListener,
  type ListenerLimits as ListenerBounds,
} from './common/hardened-express.adapter.js';
export { ApiModule as OpsModule } from './api.module.js';
export { ApiSettings as OpsSettings } from './api-settings.js';
