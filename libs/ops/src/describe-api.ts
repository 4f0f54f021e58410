import { API_CONTROLLERS } from './ops.module.js';
import { docsPage } from './openapi/docs-page.js';
import { openApiDocument } from './openapi/openapi-document.js';

/** The description of the operator API, for programs and for people, as the controllers are now. */
export async function describeApi(): Promise<{ readonly json: string; readonly html: string }> {
  const document = await openApiDocument(API_CONTROLLERS);
  return { json: `${JSON.stringify(document, null, 2)}\n`, html: docsPage(document) };
}
