const INTEGER = /^[+-]?\d+(?:_\d+)*(?:\.0+)?$/;

/** A string such as `"3"`, `" 3 "` or `"3.0"`, which pydantic's lax mode takes for an int, as a number; else unchanged. */
export function readInteger(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  return INTEGER.test(text) ? Number(text.replaceAll('_', '')) : value;
}
