export { parseTokenList } from './auth/token-list.js';
export { configureHttp } from './configure-http.js';
export { ConsoleSettings } from './console/console-settings.js';
export { describeApi } from './describe-api.js';
export { DependencyProbes } from './health/component-states.js';
export { BoundedListener, type ListenerBounds } from './http/bounded-listener.js';
export { OpsModule } from './ops.module.js';
export { OpsSettings } from './ops-settings.js';
