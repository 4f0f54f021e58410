import { Controller, Get, Header, Param } from '@nestjs/common';
import { Public } from '../auth/access.decorator.js';
import { Problem } from '../common/problem.js';
import { ApiProblems } from '../openapi/api-problems.decorator.js';
import { ApiOkResponse, ApiOperation } from '../openapi/swagger.decorator.js';
import { SchemaFiles } from './schema-files.service.js';

/** Serves the contracts of the data. They hold nothing of this instance, so that producers and readers need no token. */
@Controller('schemas')
export class SchemasController {
  constructor(private readonly files: SchemaFiles) {}

  @Public()
  @Get(':file')
  @Header('Content-Type', 'application/json; charset=utf-8')
  @ApiOperation({ operationId: 'schema', summary: 'Schema of messages, dead letters or events, or the AsyncAPI document' })
  @ApiProblems('not-found')
  @ApiOkResponse({
    description: 'JSON Schema 2020-12; AsyncAPI 3.0 for `asyncapi.json`',
    content: { 'application/json': { schema: { type: 'object' } } },
  })
  find(@Param('file') name: string): string {
    const text = this.files.find(name);
    if (text === null) throw new Problem('not-found');
    return text;
  }
}
