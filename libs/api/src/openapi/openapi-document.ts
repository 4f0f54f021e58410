import { Module, type Type } from '@nestjs/common';
import { PARAMTYPES_METADATA } from '@nestjs/common/constants.js';
import { NestFactory } from '@nestjs/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import { AuditRecordDto } from '../audit-trail/audit.dto.js';
import { endpointsOf, type Endpoint } from '../common/route-table.js';
import { applySwaggerDecorators, type Swagger } from './swagger.decorator.js';
import { ProblemDto } from './problem.dto.js';
import { accessTo, problemResponses } from './problem-responses.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
/** Of the API, not of the build: the second number for additions, the first for what breaks clients. */
const API_VERSION = '1.0.0';
const DESCRIPTION = [
  'Health, metrics and operation of the service that turns approved models into tokens.',
  'Every answer that is not the one asked for is a problem (RFC 9457), those of paths, methods and bodies that the API does',
  'not have included. Every answer carries `X-Request-Id`, the one of the request where that is plain. Bodies are JSON of',
  '64 KiB at most. A POST with an `Idempotency-Key` is done once; sent again, it gets the same answer for 24 hours.',
].join(' ');

type ParameterObject = Exclude<NonNullable<Operation['parameters']>[number], { $ref: string }>;

const IDEMPOTENCY_KEY: ParameterObject = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'names this request: sent again under the same key, it is not done again',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

/**
 * Describes the controllers as OpenAPI 3.1, from their decorators alone: nothing of them is created.
 *
 * @throws Error for a route that does not say what it does
 */
export async function openApiDocument(controllers: readonly Type[], swagger: Swagger): Promise<OpenAPIObject> {
  applySwaggerDecorators(swagger);
  // Nest asks for what the controllers need, although the preview creates none of them.
  const needed = controllers.flatMap(
    (controller): unknown[] => Reflect.getMetadata(PARAMTYPES_METADATA, controller) ?? [],
  );
  @Module({
    controllers: [...controllers],
    providers: needed.filter(isClass).map((provide) => ({ provide, useValue: null })),
  })
  class DescribedModule {}
  const app = await NestFactory.create(DescribedModule, { preview: true, logger: false, abortOnError: false });
  const config = new swagger.DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Hokusai token deployer')
    .setDescription(DESCRIPTION)
    .setVersion(API_VERSION)
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'a token that may read, or one that may operate' })
    .build();
  const document = swagger.SwaggerModule.createDocument(app, config, {
    extraModels: [ProblemDto],
    autoTagControllers: false,
  });
  delete document.info.contact;
  // What a record keeps besides depends on the operation.
  const record = document.components?.schemas?.[AuditRecordDto.name];
  if (record && !('$ref' in record)) record.additionalProperties = { type: 'string' };
  for (const endpoint of controllers.flatMap((controller) => endpointsOf(controller))) complete(document, endpoint);
  return document;
}

function isClass(value: unknown): value is Type {
  return typeof value === 'function';
}

/** Adds what follows from access and method. */
function complete({ paths, components = {} }: OpenAPIObject, endpoint: Endpoint): void {
  const { template, method } = endpoint;
  const path = paths[template.replaceAll(/:(\w+)/g, '{$1}')];
  const operations = { GET: path?.get, POST: path?.post, PUT: path?.put, DELETE: path?.delete };
  const operation = Object.entries(operations).find(([name]) => name === method)?.[1];
  // Left out on purpose, with @ApiExcludeEndpoint or @ApiExcludeController.
  if (operation === undefined) return;
  const refusals = problemResponses(endpoint);
  if (refusals === null) throw new Error(`${method} ${template} has no @ApiProblems`);
  const access = accessTo(endpoint);
  for (const { status, name, response } of refusals) {
    components.responses = { ...components.responses, [name]: response };
    operation.responses[status] = { $ref: `#/components/responses/${name}` };
  }
  if (access !== 'open') Object.assign(operation, { security: [{ bearer: [access] }] });
  if (operation.requestBody && !('$ref' in operation.requestBody)) operation.requestBody.required = false;
  if (method === 'POST') operation.parameters = [...(operation.parameters ?? []), IDEMPOTENCY_KEY];
}
