import { createHash } from 'node:crypto';

/**
 * A position in the dead-letter list, counted from the oldest entry. Removed entries shift it; the marks of the last
 * passed entries detect and correct the shift.
 */
export interface CursorPosition {
  readonly offset: number;
  /** Fingerprints of the preceding entries, nearest last. */
  readonly marks: readonly string[];
}

export const OLDEST: CursorPosition = { offset: 0, marks: [] };

const MARKS = 16;
const MARK_LENGTH = 8;
const FORM = /^(\d{1,12})\.((?:[0-9a-f]{8}){0,16})$/;

export function markOf(element: Uint8Array): string {
  return createHash('sha1').update(element).digest('hex').slice(0, MARK_LENGTH);
}

/** Returns the cursor behind `elements`, oldest first, which start at `position`. */
export function positionAfter(position: CursorPosition, elements: readonly Uint8Array[]): CursorPosition {
  const marks = elements.slice(-MARKS).map((element) => markOf(element));
  return { offset: position.offset + elements.length, marks: [...position.marks, ...marks].slice(-MARKS) };
}

export function toCursor({ offset, marks }: CursorPosition): string {
  return `${offset}.${marks.join('')}`;
}

/** @throws RangeError for a malformed cursor */
export function fromCursor(cursor: string): CursorPosition {
  const [, offset, marks] = FORM.exec(cursor) ?? [];
  if (offset === undefined || marks === undefined) throw new RangeError('malformed cursor');
  return { offset: Number(offset), marks: marks.match(/.{8}/g) ?? [] };
}
