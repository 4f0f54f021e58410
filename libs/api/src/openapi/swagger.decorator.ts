import { applyDecorators } from '@nestjs/common';
import type * as nestSwagger from '@nestjs/swagger';

/** A devDependency: loading it costs 0.45 s of CPU, so only `npm run docs:openapi` and the tests do. */
export type Swagger = typeof nestSwagger;

type Decorator = Parameters<typeof applyDecorators>[0];

const deferred: ((swagger: Swagger) => void)[] = [];

/** Returns a decorator of @nestjs/swagger that takes effect in `applySwaggerDecorators`. */
function defer<Options extends readonly unknown[]>(select: (swagger: Swagger) => (...options: Options) => Decorator) {
  return (...options: Options): ReturnType<typeof applyDecorators> =>
    (target, key, descriptor) => {
      deferred.push((swagger) => applyDecorators(select(swagger)(...options))(target, key, descriptor));
    };
}

export const ApiAcceptedResponse = defer((swagger) => swagger.ApiAcceptedResponse);
export const ApiExtraModels = defer((swagger) => swagger.ApiExtraModels);
export const ApiOkResponse = defer((swagger) => swagger.ApiOkResponse);
export const ApiOperation = defer((swagger) => swagger.ApiOperation);
export const ApiProperty = defer((swagger) => swagger.ApiProperty);
export const ApiPropertyOptional = defer((swagger) => swagger.ApiPropertyOptional);
export const ApiServiceUnavailableResponse = defer((swagger) => swagger.ApiServiceUnavailableResponse);

/** Applies the decorators declared since the last call, in order of declaration. */
export function applySwaggerDecorators(swagger: Swagger): void {
  for (const apply of deferred.splice(0)) apply(swagger);
}

/** Same result as @nestjs/swagger's function of this name. */
export function getSchemaPath({ name }: Function): string {
  return `#/components/schemas/${name}`;
}
