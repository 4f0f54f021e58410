import type { PlainSignature } from './digest-signer.js';

const SEQUENCE = 0x30;
const INTEGER = 0x02;

/** Decodes an ECDSA signature in DER (RFC 3279). @throws Error for other bytes */
export function decodeDerSignature(der: Uint8Array): PlainSignature {
  if (der[0] !== SEQUENCE || der[1] !== der.length - 2) throw new Error('its signature is not in DER');
  const [r, next] = readInteger(der, 2);
  const [s, end] = readInteger(der, next);
  if (end !== der.length) throw new Error('its signature is not in DER');
  return { r, s };
}

function readInteger(der: Uint8Array, start: number): readonly [value: bigint, end: number] {
  const length = der[start + 1] ?? 0;
  const end = start + 2 + length;
  if (der[start] !== INTEGER || length === 0 || end > der.length) throw new Error('its signature is not in DER');
  return [BigInt(`0x${Buffer.from(der.subarray(start + 2, end)).toString('hex')}`), end];
}
