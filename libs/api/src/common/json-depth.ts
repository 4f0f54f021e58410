/** Yields the objects and lists of a JSON value level by level. Not recursive, so depth cannot exhaust the stack. */
export function* jsonLevels(json: unknown): Generator<readonly object[]> {
  let level = objectsAmong([json]);
  while (level.length > 0) {
    yield level;
    level = level.flatMap((object) => objectsAmong(Object.values(object)));
  }
}

/** Returns whether the value has at most `maxLevels` levels. */
export function isShallow(json: unknown, maxLevels: number): boolean {
  let levels = 0;
  for (const _level of jsonLevels(json)) {
    levels += 1;
    if (levels > maxLevels) return false;
  }
  return true;
}

function objectsAmong(values: readonly unknown[]): object[] {
  return values.filter((value): value is object => typeof value === 'object' && value !== null);
}
