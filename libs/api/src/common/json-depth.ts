/** The objects and lists of a JSON value, level by level from the top; without recursion, however deep it is. */
export function* jsonDepth(json: unknown): Generator<readonly object[]> {
  let level = objectsAmong([json]);
  while (level.length > 0) {
    yield level;
    level = level.flatMap((object) => objectsAmong(Object.values(object)));
  }
}

/** Whether the value has no more than so many levels: what has thousands cannot be serialized again. */
export function isShallow(json: unknown, mostLevels: number): boolean {
  let levels = 0;
  for (const _level of jsonDepth(json)) {
    levels += 1;
    if (levels > mostLevels) return false;
  }
  return true;
}

function objectsAmong(values: readonly unknown[]): object[] {
  return values.filter((value): value is object => typeof value === 'object' && value !== null);
}
