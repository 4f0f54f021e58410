import { Controller, Get, Header } from '@nestjs/common';
import { RequireScope } from '../auth/access.decorator.js';
import { ApiDescription } from './api-description.service.js';
import { DOCS_POLICY } from './docs-style.js';
import { ApiOkResponse, ApiOperation } from './swagger.decorator.js';
import { ApiProblems } from './api-problems.decorator.js';

/** Serves the OpenAPI description as JSON and as a page. */
@Controller()
export class OpenApiController {
  constructor(private readonly description: ApiDescription) {}

  @RequireScope('read')
  @Get('openapi.json')
  @Header('Content-Type', 'application/json; charset=utf-8')
  @ApiOperation({ operationId: 'openApi', summary: 'This description' })
  @ApiProblems()
  @ApiOkResponse({ description: 'OpenAPI 3.1', content: { 'application/json': { schema: { type: 'object' } } } })
  json(): string {
    return this.description.json;
  }

  @RequireScope('read')
  @Get('docs')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', DOCS_POLICY)
  @ApiOperation({ operationId: 'docs', summary: 'This description as a page' })
  @ApiProblems()
  @ApiOkResponse({ description: 'one page without script', content: { 'text/html': { schema: { type: 'string' } } } })
  page(): string {
    return this.description.html;
  }
}
