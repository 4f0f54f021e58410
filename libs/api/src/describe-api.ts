import { API_CONTROLLERS } from './api.module.js';
import type { Swagger } from './openapi/swagger.decorator.js';
import { docsPage } from './openapi/docs-page.js';
import { openApiDocument } from './openapi/openapi-document.js';

/**
 * The OpenAPI description of the operator API, read from the controllers.
 *
 * @param swagger the package @nestjs/swagger: the service has to do without
 */
export async function describeApi(swagger: Swagger): Promise<{ readonly json: string; readonly html: string }> {
  const document = await openApiDocument(API_CONTROLLERS, swagger);
  return { json: `${JSON.stringify(document, null, 2)}\n`, html: docsPage(document) };
}
