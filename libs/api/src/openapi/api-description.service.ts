import { readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';

/** The committed OpenAPI description, which a test compares with the controllers. */
export const OPENAPI_FILE = new URL('openapi.json', import.meta.url);
export const DOCS_FILE = new URL('docs.html', import.meta.url);

/** What is served of it, read once. */
@Injectable()
export class ApiDescription {
  readonly json = readFileSync(OPENAPI_FILE, 'utf8');
  readonly html = readFileSync(DOCS_FILE, 'utf8');
}
