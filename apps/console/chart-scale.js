/** @typedef {{ readonly at: number, readonly value: number }} Point */

/**
 * The next of 1, 2, 5, 10, 20, 50, … that is not below the value; at least 1, so that a flat line at zero lies at the bottom.
 *
 * @param {number} value
 */
export function niceCeiling(value) {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}

/**
 * Lines through the points of the last `windowMs`, in pixels from the upper left. Where more than `gapMs` passed between two
 * points, no value is known between them: the line breaks.
 *
 * @param {readonly Point[]} points oldest first
 * @param {{ now: number, windowMs: number, gapMs: number, width: number, height: number, ceiling: number }} frame
 * @returns {readonly (readonly (readonly [x: number, y: number])[])[]}
 */
export function linesThrough(points, { now, windowMs, gapMs, width, height, ceiling }) {
  /** @type {[number, number][][]} */
  const lines = [];
  let before = -Infinity;
  for (const { at, value } of points) {
    if (now - at > windowMs) continue;
    if (at - before > gapMs) lines.push([]);
    const x = width * (1 - (now - at) / windowMs);
    lines.at(-1)?.push([round(x), round(height * (1 - Math.min(value, ceiling) / ceiling))]);
    before = at;
  }
  return lines;
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}
