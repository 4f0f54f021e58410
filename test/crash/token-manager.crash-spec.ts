import { describe } from 'vitest';
import { TokenManagerEnvironment } from './token-manager-environment.js';
import { tokenManagerRows } from './matrix.js';
import { describeMatrix } from './matrix-suite.js';

const FULL = process.env['CRASH_MATRIX'] === 'full';

describe('A service on the contracts of Hokusai that is killed -9', () => {
  const steps = { deploy: ', before the token is made', register: ', before it is registered' };
  describeMatrix(() => TokenManagerEnvironment.start(), tokenManagerRows(FULL), steps);
});
