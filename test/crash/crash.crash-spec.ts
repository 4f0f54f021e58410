import { describe } from 'vitest';
import { FactoryEnvironment } from './factory-environment.js';
import { factoryRows } from './matrix.js';
import { describeMatrix } from './matrix-suite.js';

const FULL = process.env['CRASH_MATRIX'] === 'full';

describe('A service that is killed -9', () => {
  describeMatrix(() => FactoryEnvironment.start(), factoryRows(FULL));
});
