import './bootstrap/early-signals.js';
import './bootstrap/v8-flags.js';

// Node runs a module after it has loaded all static imports of its graph. A signal must not wait for two thousand files.
void import('./bootstrap/start.js');
