import * as fc from 'fast-check';

// A property that fails prints its seed; PROPERTY_SEED=<seed> makes every property play it again.
const seed = process.env['PROPERTY_SEED'];
if (seed !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });
