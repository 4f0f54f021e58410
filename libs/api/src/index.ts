export { ApiModule } from './api.module.js';
export { ApiSettings } from './api-settings.js';
export { parseTokenList } from './auth/token-list.js';
export { HardenedExpressAdapter, type ListenerLimits } from './common/hardened-express.adapter.js';
export { configureHttp } from './configure-http.js';
export { ConsoleSettings } from './console/console-settings.js';
export { describeApi } from './describe-api.js';
export { DependencyProbes } from './health/dependency.health.js';
export { RequestRate } from './auth/request-rate.service.js';
