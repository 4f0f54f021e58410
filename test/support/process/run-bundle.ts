import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

// Runs the bundled service from V8's code cache: compiling it takes as much processor time as all else of a start.
// Arguments: the bundle, the cache, and `write` to make the cache of what this run compiles.

const PARAMETERS = 'require, module, exports, __filename, __dirname';
type CommonJsModule = (require: NodeJS.Require, module: object, exports: object, file: string, folder: string) => void;

const [bundle = '', cache = '', mode] = process.argv.slice(2);
const filename = resolve(bundle);
const source = `(function (${PARAMETERS}) {${readFileSync(filename, 'utf8')}\n})`;
const cached = mode === 'write' ? {} : { cachedData: readFileSync(cache) };
const script = new Script(source, { filename, ...cached });
if (script.cachedDataRejected === true)
  process.emitWarning('V8 rejects the code cache of the service: every start compiles it.');

if (mode === 'write')
  process.once('exit', () => {
    // V8 takes a cache only under the flags that it was made with, and the service has changed this one.
    setFlagsFromString('--heap-growing-percent=0');
    writeFileSync(cache, script.createCachedData());
  });

const service = script.runInThisContext() as CommonJsModule;
const module = { exports: {} };
service(createRequire(filename), module, module.exports, filename, dirname(filename));
