// Writes the OpenAPI description and its page from the controllers. A test compares them.
import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import * as swagger from '@nestjs/swagger';
import { describeApi } from '#api';

const { json, html } = await describeApi(swagger);
writeFileSync('libs/api/src/openapi/openapi.json', json);
writeFileSync('libs/api/src/openapi/docs.html', html);
