// Writes the operator API's description, for programs and for people, from the controllers. A test compares them.
import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import * as swagger from '@nestjs/swagger';
import { describeApi } from '#ops';

const { json, html } = await describeApi(swagger);
writeFileSync('libs/ops/src/openapi/openapi.json', json);
writeFileSync('libs/ops/src/openapi/docs.html', html);
