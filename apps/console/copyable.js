import { button, el } from './dom.js';
import { NOTHING, short } from './format.js';

/**
 * Shows a hash, an address or an id: shortened where it is long, whole to the clipboard, linked where there is an explorer.
 *
 * @param {HTMLElement} cell is left alone when it shows the value already
 * @param {string | null} value
 * @param {{ href?: string | null, what: string, text?: string }} more `what` completes "Copy …"
 */
export function fillCopyable(cell, value, { href = null, what, text }) {
  if (cell.dataset['value'] === (value ?? '')) return;
  cell.dataset['value'] = value ?? '';
  if (value === null) return cell.replaceChildren(NOTHING);
  const shown = text ?? short(value);
  cell.replaceChildren(
    el(
      'span',
      { class: 'copyable' },
      href === null ? el('code', { title: value }, shown) : link(href, shown, value),
      copier(value, what),
    ),
  );
}

/**
 * @param {string} href
 * @param {string} shown
 * @param {string} whole
 */
function link(href, shown, whole) {
  const attributes = { href, target: '_blank', rel: 'noopener noreferrer', title: whole };
  return el('a', attributes, el('code', {}, shown), el('span', { class: 'unseen' }, ' in the explorer'));
}

/**
 * @param {string} value
 * @param {string} what
 */
function copier(value, what) {
  const copy = button('', () => void copied(value, copy), {
    class: 'copy',
    'aria-label': `Copy ${what}`,
    title: `Copy ${what}`,
  });
  return copy;
}

/**
 * @param {string} value
 * @param {HTMLElement} near shows that it worked
 */
async function copied(value, near) {
  const done = await writeToClipboard(value);
  near.dataset['state'] = done ? 'copied' : 'failed';
  setTimeout(() => delete near.dataset['state'], 1500);
}

/**
 * The clipboard of `navigator` is there on https and localhost only.
 *
 * @param {string} text
 */
async function writeToClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** @param {string} text */
function copyBySelection(text) {
  const area = el('textarea', { class: 'unseen', readonly: '' });
  area.value = text;
  // A modal dialog makes everything outside of it inert.
  const place = document.querySelector('dialog[open]') ?? document.body;
  const focused = document.activeElement;
  place.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
}
