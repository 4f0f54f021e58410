import type { Page } from 'playwright-core';

/** A text with its colour and that of what is behind it, as the browser computes them. */
interface ShownText {
  readonly text: string;
  readonly colour: string;
  readonly background: string;
}

/** Texts on the page whose contrast with what is behind them is less than 4.5 to 1 (WCAG 2.2, 1.4.3), with the contrast. */
export async function lowContrastTexts(page: Page): Promise<string[]> {
  const shown = await visibleTexts(page);
  if (shown.length === 0) throw new Error('the page shows no text');
  return shown.flatMap(({ text, colour, background }) => {
    const contrast = contrastOf(colour, background);
    return contrast < 4.5 ? [`${text}: ${contrast.toFixed(2)}`] : [];
  });
}

/** Of the dialog on top where there is one: everything else is dimmed. */
async function visibleTexts(page: Page): Promise<ShownText[]> {
  return await page.evaluate(() => {
    const top = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document.body;
    return [...top.querySelectorAll('*')].flatMap((element) => {
      const own = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
      const text = own.map(({ textContent }) => textContent?.trim() ?? '').join(' ');
      // What is not shown, and what cannot be used, need no contrast.
      const counts = element.checkVisibility() && element.closest('[aria-disabled="true"], .unseen, option') === null;
      if (text.trim() === '' || !counts) return [];
      let behind: Element | null = element;
      while (behind !== null && !getComputedStyle(behind).backgroundColor.startsWith('rgb('))
        behind = behind.parentElement;
      const background = behind === null ? 'rgb(255, 255, 255)' : getComputedStyle(behind).backgroundColor;
      return [{ text, colour: getComputedStyle(element).color, background }];
    });
  });
}

function contrastOf(a: string, b: string): number {
  const [lighter = 0, darker = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Of a colour such as `rgb(1, 2, 3)`. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? [])
    .map((channel) => Number(channel) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
