// `npm run quickstart`: makes the clone ready, then goes on in the compiled quickstart.ts, in this same process.
import './bootstrap.mjs';

if (process.exitCode === undefined) await import(new URL('../dist/scripts/quickstart.js', import.meta.url).href);
