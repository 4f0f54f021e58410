import { createHash } from 'node:crypto';

/** Stands in the page itself: a second request for it would need a bearer token, which a browser does not send along. */
export const DOCS_STYLE = [
  ':root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}',
  'body{margin:2rem auto;max-width:60rem;padding:0 1rem}',
  'h2{margin:2.5rem 0 .5rem;font-size:1.1rem}',
  'code{font:.9em ui-monospace,monospace}',
  'table{border-collapse:collapse;width:100%;margin:.5rem 0}',
  'th,td{border-bottom:1px solid #8886;padding:.25rem .75rem .25rem 0;text-align:left;vertical-align:top}',
  'nav a{display:inline-block;margin-right:1rem}',
].join('\n');

/** No script, nothing from anywhere else, and no style but that one (https://www.w3.org/TR/CSP3/). */
export const DOCS_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(DOCS_STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
