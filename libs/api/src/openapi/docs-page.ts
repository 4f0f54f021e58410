import type { OpenAPIObject } from '@nestjs/swagger';
import { DOCS_STYLE } from './docs-style.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Responses = Operation['responses'];
type Schema = Parameters<typeof formOf>[0];

/** The API's description as one HTML page, without script. */
export function docsPage(document: OpenAPIObject): string {
  const operations = operationsOf(document);
  const { title, version, description = '' } = document.info;
  return [
    '<!doctype html>',
    '<html lang="en">',
    `<meta charset="utf-8"><title>${text(title)}</title><style>${DOCS_STYLE}</style>`,
    `<h1>${text(title)} ${text(version)}</h1>`,
    `<p>${text(description)}</p>`,
    `<nav>${operations.map(({ name, operation }) => `<a href="#${operation.operationId}">${text(name)}</a>`).join('\n')}</nav>`,
    ...operations.map(({ name, operation }) => section(name, operation, document)),
    ...Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => schemaSection(name, schema)),
    '</html>',
    '',
  ].join('\n');
}

function operationsOf({ paths }: OpenAPIObject): readonly { readonly name: string; readonly operation: Operation }[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries({ GET: methods.get, POST: methods.post, PUT: methods.put, DELETE: methods.delete }).flatMap(
      ([method, operation]) => (operation === undefined ? [] : [{ name: `${method} ${path}`, operation }]),
    ),
  );
}

function section(name: string, operation: Operation, document: OpenAPIObject): string {
  const { operationId, summary = '', security, parameters = [], responses } = operation;
  const [scope = 'open'] = Object.values(security?.[0] ?? {}).flat();
  return [
    `<h2 id="${operationId}"><code>${text(name)}</code></h2>`,
    `<p>${text(summary)} (${scope})</p>`,
    table(
      parameters.flatMap((it) =>
        'name' in it ? [[code(it.name), it.in, it.schema ? formOf(it.schema) : '', text(it.description ?? '')]] : [],
      ),
    ),
    bodyOf(operation),
    answers(responses, document),
  ].join('\n');
}

function bodyOf({ requestBody }: Operation): string {
  if (requestBody === undefined || '$ref' in requestBody) return '';
  const forms = Object.values(requestBody.content).flatMap(({ schema }) => (schema ? [formOf(schema)] : []));
  return `<p>Body: ${forms.join(', ')}</p>`;
}

function answers(responses: Responses, { components = {} }: OpenAPIObject): string {
  return table(
    Object.entries(responses).flatMap(([status, given]) => {
      const shared = components.responses?.[given !== undefined && '$ref' in given ? nameIn(given.$ref) : ''];
      const response = shared ?? given;
      if (response === undefined || '$ref' in response) return [];
      const schemas = Object.values(response.content ?? {}).flatMap(({ schema }) => (schema ? [formOf(schema)] : []));
      return [[code(status), schemas.join(' '), text(response.description)]];
    }),
  );
}

function schemaSection(name: string, schema: Schema): string {
  if ('$ref' in schema) return '';
  const required = schema.required ?? [];
  const rows = Object.entries(schema.properties ?? {}).map(([field, form]) => {
    const described = '$ref' in form ? '' : (form.description ?? '');
    return [code(field), `${formOf(form)}${required.includes(field) ? '' : ', optional'}`, text(described)];
  });
  return `<h2 id="${name}"><code>${text(name)}</code></h2>\n${table(rows)}`;
}

function table(rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  return `<table>\n${rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n')}\n</table>`;
}

/** What a value looks like, in one line. */
function formOf(schema: NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string]): string {
  if ('$ref' in schema) return link(schema.$ref);
  const alternatives = schema.oneOf ?? schema.anyOf ?? schema.allOf?.slice(0, 1);
  if (alternatives !== undefined) return alternatives.map((it) => formOf(it)).join(' or ');
  if (schema.enum !== undefined) return schema.enum.map((value) => code(String(value))).join(' or ');
  if (schema.items !== undefined) return `list of ${formOf(schema.items)}`;
  return [schema.type ?? 'anything'].flat().join(' or ');
}

function link(ref: string): string {
  return `<a href="#${nameIn(ref)}">${text(nameIn(ref))}</a>`;
}

function nameIn(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}

function code(content: string): string {
  return `<code>${text(content)}</code>`;
}

function text(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
