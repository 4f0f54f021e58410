import { Api } from './api.js';
import { ApiProblem, sentenceOf } from './api-problem.js';
import { App } from './app.js';
import { find, setText } from './dom.js';

/** @typedef {import('./api-types.d.js').SessionBody} Session */

const gate = find(document, '#gate', HTMLElement);
const form = find(document, '#sign-in', HTMLFormElement);
const field = find(document, '#token', HTMLInputElement);
const failure = find(document, '#sign-in-failure', HTMLElement);

/** @type {App | null} */
let app = null;

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void signIn(field.value.trim());
});
// A page that comes back from the browser's history must not come back signed in.
addEventListener('pagehide', () => signOut(''));
field.focus();

/** @param {string} token */
async function signIn(token) {
  setText(failure, '');
  if (form.getAttribute('aria-busy') === 'true') return;
  form.setAttribute('aria-busy', 'true');
  const api = new Api(token);
  try {
    /** @type {Session} */
    const session = await api.get('console/session');
    field.value = '';
    open(api, session);
  } catch (error) {
    api.close();
    setText(failure, refusalOf(error));
    field.select();
  } finally {
    form.removeAttribute('aria-busy');
  }
}

/**
 * @param {Api} api
 * @param {Session} session
 */
function open(api, session) {
  api.onRefused = () => signOut('The service no longer knows this token. Sign in again.');
  gate.hidden = true;
  app = new App(api, session, () => signOut('Signed out.'));
}

/** @param {string} why */
function signOut(why) {
  field.value = '';
  if (app === null) return;
  app.close();
  app = null;
  gate.hidden = false;
  setText(failure, why);
  field.focus();
}

/** @param {unknown} error */
function refusalOf(error) {
  if (!(error instanceof ApiProblem)) return sentenceOf(error);
  if (error.code === 'unauthorized') return 'The service does not know this token.';
  if (error.code === 'too-many-failures') return `Too many wrong tokens. Try again in ${error.retryAfter ?? 60} s.`;
  if (error.code === 'ops-api-disabled')
    return 'The operator API is off: no token is configured. Set OPS_API_TOKEN and restart the service.';
  return error.sentence;
}
