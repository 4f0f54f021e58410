import { linesThrough, niceCeiling } from './chart-scale.js';
import { count } from './format.js';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 160;
const HEIGHT = 36;
const WINDOW_MS = 300_000;
const GAP_MS = 15_000;

/** The last five minutes of one number, as a line. */
export class Chart {
  /** @type {import('./chart-scale.js').Point[]} */
  #points = [];
  #area = shape('path', 'chart-area');
  #line = shape('path', 'chart-line');
  #svg = shape('svg', 'chart');

  /** @param {string} name label for screen readers */
  constructor(name) {
    this.name = name;
    this.#svg.setAttribute('viewBox', `0 -2 ${WIDTH} ${HEIGHT + 4}`);
    this.#svg.setAttribute('preserveAspectRatio', 'none');
    this.#svg.setAttribute('role', 'img');
    this.#svg.append(this.#area, this.#line);
    this.#describe(1);
  }

  get element() {
    return this.#svg;
  }

  /**
   * @param {number} at milliseconds
   * @param {number} value
   */
  add(at, value) {
    this.#points = [...this.#points.filter((point) => at - point.at <= WINDOW_MS), { at, value }];
    const ceiling = niceCeiling(Math.max(...this.#points.map((point) => point.value)));
    const frame = { now: at, windowMs: WINDOW_MS, gapMs: GAP_MS, width: WIDTH, height: HEIGHT, ceiling };
    const lines = linesThrough(this.#points, frame);
    this.#line.setAttribute('d', lines.map((line) => `M${line.map((point) => point.join(' ')).join('L')}`).join(''));
    this.#area.setAttribute('d', lines.map((line) => areaBelow(line)).join(''));
    this.#describe(Math.max(...this.#points.map((point) => point.value)));
  }

  /** @param {number} highest */
  #describe(highest) {
    const now = this.#points.at(-1);
    const text =
      now === undefined ? 'nothing yet' : `now ${count(now.value)}, highest ${count(highest)} in five minutes`;
    this.#svg.setAttribute('aria-label', `${this.name}: ${text}`);
  }
}

/** @param {readonly (readonly [number, number])[]} line */
function areaBelow(line) {
  const first = line[0];
  const last = line.at(-1);
  if (first === undefined || last === undefined) return '';
  return `M${first[0]} ${HEIGHT}L${line.map((point) => point.join(' ')).join('L')}L${last[0]} ${HEIGHT}Z`;
}

/**
 * @param {string} tag
 * @param {string} className
 */
function shape(tag, className) {
  const element = document.createElementNS(SVG, tag);
  element.setAttribute('class', className);
  return element;
}
