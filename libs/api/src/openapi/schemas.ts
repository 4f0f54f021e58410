export const ADDRESS_PATTERN = '^0x[0-9a-fA-F]{40}$';
export const HASH_PATTERN = '^0x[0-9a-f]{64}$';
/** Wei and gas are strings of digits: a JSON number loses precision above 2^53. */
export const UINT_PATTERN = String.raw`^\d+$`;
export const DECIMAL_PATTERN = String.raw`^-?\d+(\.\d+)?$`;

/** Schema of a value that another system wrote: any JSON. */
export const ANY_JSON = {
  anyOf: [
    { type: 'object', additionalProperties: true },
    { type: 'array', items: {} },
    ...['string', 'number', 'boolean', 'null'].map((type) => ({ type })),
  ],
};
