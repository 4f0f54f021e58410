/** @typedef {{ readonly name: string, readonly labels: Readonly<Record<string, string>>, readonly value: number }} Sample */

const LINE = /^(\w+)(?:\{(.*)\})? (\S+)/;
const LABEL = /(?<!\w)(\w+)="((?:[^"\\]|\\.)*)"/g;

/**
 * The samples of some metrics in a scrape (https://prometheus.io/docs/instrumenting/exposition_formats/).
 *
 * @param {string} text
 * @param {readonly string[]} names
 * @returns {readonly Sample[]}
 */
export function samplesOf(text, names) {
  return text.split('\n').flatMap((line) => {
    const [, name = '', labels = '', value] = LINE.exec(line) ?? [];
    return names.includes(name) ? [{ name, labels: labelsIn(labels), value: Number(value) }] : [];
  });
}

/**
 * Sum of the samples of one metric that carry these labels.
 *
 * @param {readonly Sample[]} samples
 * @param {string} name
 * @param {(labels: Readonly<Record<string, string>>) => boolean} [fits]
 */
export function sumOf(samples, name, fits = () => true) {
  return samples.reduce((sum, it) => (it.name === name && fits(it.labels) ? sum + it.value : sum), 0);
}

/** @param {string} text */
function labelsIn(text) {
  return Object.fromEntries(Array.from(text.matchAll(LABEL), ([, name = '', value = '']) => [name, unescaped(value)]));
}

/** @param {string} value */
function unescaped(value) {
  return value.replaceAll(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : String(escaped)));
}
