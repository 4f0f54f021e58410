// Brings the browser of the console's tests, which neither the service nor the quickstart needs.
import { runSteps } from './bootstrap/run-steps.mjs';
import { requireChromium } from './bootstrap/programs.mjs';

await runSteps([requireChromium]);
