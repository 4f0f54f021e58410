export { implementationAddress, predictFactoryAddress, predictTokenAddress } from './addresses.js';
export { factoryInterface, tokenInterface } from './artifacts.js';
export * from './deployment-calls.js';
export * from './expected-code.js';
export * from './factory-logs.js';
export * from './factory-terms.js';
export * from './registry-calls.js';
export * from './reverts.js';
