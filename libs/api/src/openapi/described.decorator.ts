import { applyDecorators } from '@nestjs/common';
import type * as nestSwagger from '@nestjs/swagger';

/** A package for development: the service never loads it, and whoever wants the API's description brings it along. */
export type Swagger = typeof nestSwagger;

type Decorator = ReturnType<typeof applyDecorators>;

const kept: ((swagger: Swagger) => void)[] = [];

/** Keeps what there is to say of a class, a route or a field until somebody wants the API's description. */
export function described(describe: (swagger: Swagger) => Parameters<typeof applyDecorators>[0]): Decorator {
  return (target, key, descriptor) => {
    kept.push((swagger) => applyDecorators(describe(swagger))(target, key, descriptor));
  };
}

/** A field of a body or a query. */
export function DescribedField(options: nestSwagger.ApiPropertyOptions): PropertyDecorator {
  return described(({ ApiProperty }) => ApiProperty(options));
}

/** Says to swagger what was kept since the last time, in the order of the declarations. */
export function describeWith(swagger: Swagger): void {
  for (const say of kept.splice(0)) say(swagger);
}

/** The schema of a class, where the API's description has it. */
export function schemaOf({ name }: Function): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}
