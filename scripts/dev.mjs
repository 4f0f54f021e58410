// `npm run dev`: makes the clone ready, then continues in the compiled dev.ts, in this process.
import './bootstrap.mjs';

if (process.exitCode === undefined) await import(new URL('../dist/scripts/dev.js', import.meta.url).href);
