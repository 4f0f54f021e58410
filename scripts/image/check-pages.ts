import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checklist } from '../checks/checklist.js';

const CONSOLE = 'apps/console';

/** The files that the service serves, which are no compiled sources: whether the image has them all. */
export async function checkPages(list: Checklist, url: string, opsToken: string): Promise<void> {
  const headers = { authorization: `Bearer ${opsToken}` };
  const description = await fetch(`${url}/openapi.json`, { headers });
  list.check('it serves the description of its API, to who has the token', description.ok, description.status);
  const closed = (await fetch(`${url}/openapi.json`)).status;
  list.check('and to no request without a token', closed === 401, closed);
  const schema = await fetch(`${url}/schemas/asyncapi.json`);
  list.check('it serves the schemas', schema.ok, schema.status);
  const pages = await Promise.all(['docs', 'console'].map(async (page) => await fetch(`${url}/${page}`, { headers })));
  list.check(
    'it serves its pages',
    pages.every(isPage),
    pages.map(({ status }) => status),
  );
  const names = (await readdir(CONSOLE)).filter((name) => /\.(css|js|svg)$/.test(name));
  const wrong = (await Promise.all(names.map(async (name) => ((await isServed(url, name)) ? [] : [name])))).flat();
  list.check(`it serves the ${names.length} files of the console`, names.length > 0 && wrong.length === 0, wrong);
}

function isPage(response: Response): boolean {
  return response.ok && response.headers.get('content-type')?.startsWith('text/html') === true;
}

async function isServed(url: string, name: string): Promise<boolean> {
  const response = await fetch(`${url}/console/${name}`);
  return response.ok && (await response.text()) === (await readFile(join(CONSOLE, name), 'utf8'));
}
