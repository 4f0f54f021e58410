import { Controller, Get, Header } from '@nestjs/common';
import { Readable } from '../auth/access.decorator.js';
import { ApiDescription } from './api-description.service.js';
import { DOCS_POLICY } from './docs-style.js';
import { AnswersFile, Operation } from './operation.decorator.js';

/** The API's description, for programs and for people. */
@Controller()
export class OpenApiController {
  constructor(private readonly description: ApiDescription) {}

  @Readable()
  @Get('openapi.json')
  @Header('Content-Type', 'application/json; charset=utf-8')
  @Operation('openApi', 'This description', [])
  @AnswersFile('application/json', 'object', 'OpenAPI 3.1')
  json(): string {
    return this.description.json;
  }

  @Readable()
  @Get('docs')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', DOCS_POLICY)
  @Operation('docs', 'This description, for people', [])
  @AnswersFile('text/html', 'string', 'one page without script')
  page(): string {
    return this.description.html;
  }
}
