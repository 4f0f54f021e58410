import type { NextFunction, Request, Response } from 'express';
import { isShallow, jsonDepth } from './json-depth.js';
import { Problem } from './problem.js';

/** No body of this API is nested deeper than three levels. */
const DEEPEST = 16;
/** Nest's ValidationPipe drops these before it looks for keys that nobody knows. */
const PROTOTYPE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Refuses what would be dropped in silence, since a body without its filter means all dead letters, and what is nested so
 * deeply that serializing it again, or turning it into an object of a class, would exhaust the stack.
 */
export function acceptPlainJsonOnly(request: Request, _response: Response, next: NextFunction): void {
  if (!isPlain(request.body) || !isPlain(request.query)) {
    throw new Problem('malformed-request', {
      detail: 'the JSON is nested too deeply, or has a key with a reserved name',
    });
  }
  next();
}

function isPlain(json: unknown): boolean {
  if (!isShallow(json, DEEPEST)) return false;
  const objects = [...jsonDepth(json)].flat();
  return !objects.some((object) => Object.keys(object).some((key) => PROTOTYPE_KEYS.has(key)));
}
