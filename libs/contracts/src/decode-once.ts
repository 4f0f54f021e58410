/** Returns a function that decodes each object once, however many readers ask for it. Keeps no object alive. */
export function decodeOnce<K extends object, V>(decode: (encoded: K) => V): (encoded: K) => V {
  const known = new WeakMap<K, { readonly value: V }>();
  return (encoded) => {
    const found = known.get(encoded) ?? { value: decode(encoded) };
    known.set(encoded, found);
    return found.value;
  };
}
