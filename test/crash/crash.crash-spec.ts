import { describe } from 'vitest';
import { FactorySite } from './factory-site.js';
import { FACTORY_ROWS } from './matrix.js';
import { describeMatrix } from './matrix-suite.js';

describe('A service that is killed -9', () => {
  describeMatrix(() => FactorySite.start(), FACTORY_ROWS);
});
