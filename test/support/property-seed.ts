import * as fc from 'fast-check';

// Chosen by vitest.config.ts for the whole run; PROPERTY_SEED=<seed> makes every property play another one.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['PROPERTY_SEED']) });
