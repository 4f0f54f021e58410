/** Calls a method of something whose type is known at run time only. @throws Error when there is no such method */
export function invoke(target: unknown, method: string, ...args: readonly unknown[]): unknown {
  const found: unknown = typeof target === 'object' && target !== null ? Reflect.get(target, method) : undefined;
  if (typeof found !== 'function') throw new Error(`there is no method ${method}`);
  const result: unknown = Reflect.apply(found, target, args);
  return result;
}
