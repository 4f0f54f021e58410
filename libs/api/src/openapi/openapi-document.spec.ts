import { readFile } from 'node:fs/promises';
import { Controller, Get } from '@nestjs/common';
import * as swagger from '@nestjs/swagger';
import { expect, it } from 'vitest';
import { describeApi } from '../describe-api.js';
import { DOCS_FILE, OPENAPI_FILE } from './api-description.service.js';
import { openApiDocument } from './openapi-document.js';

@Controller('things')
class SilentController {
  @Get()
  list(): void {}
}

it('the committed description of the API is what the controllers say', async () => {
  const { json, html } = await describeApi(swagger);

  // Not toBe: a diff of two such files is unreadable.
  const committed = {
    json: (await readFile(OPENAPI_FILE, 'utf8')) === json,
    html: (await readFile(DOCS_FILE, 'utf8')) === html,
  };
  expect(committed, 'npm run docs:openapi writes them anew').toEqual({ json: true, html: true });
});

it('a route that does not say what it does is not described in silence', async () => {
  await expect(openApiDocument([SilentController], swagger)).rejects.toThrow('GET /things has no @ApiProblems');
});
