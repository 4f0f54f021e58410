import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';

interface Route {
  /** Such as `/dlq/:id`: safe as a metric label. */
  readonly template: string;
  readonly methods: readonly string[];
}

/** The routes of the controllers, read from their decorators. */
export class RouteTable {
  private readonly routes: readonly (Route & { readonly pattern: RegExp })[];

  constructor(controllers: readonly Type[]) {
    const methods = new Map<string, string[]>();
    for (const { template, method } of controllers.flatMap((controller) => endpointsOf(controller))) {
      methods.set(template, [...(methods.get(template) ?? []), ...(method === 'GET' ? ['GET', 'HEAD'] : [method])]);
    }
    this.routes = [...methods]
      .map(([template, allowed]) => ({ template, methods: allowed, pattern: patternOf(template) }))
      // A fixed path goes before one with a parameter in the same place.
      .toSorted((a, b) => a.template.split(':').length - b.template.split(':').length);
  }

  match(path: string): Route | null {
    return this.routes.find((route) => route.pattern.test(path)) ?? null;
  }
}

/** One method of a path, and the function that serves it. */
export interface Endpoint {
  readonly template: string;
  /** Such as `GET`. */
  readonly method: string;
  readonly handler: Function;
}

/** The endpoints of a controller, in the order of its methods. */
export function endpointsOf(controller: Type): readonly Endpoint[] {
  const prefix = textMetadata(PATH_METADATA, controller);
  const prototype: unknown = controller.prototype;
  if (typeof prototype !== 'object' || prototype === null) return [];
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const handler: unknown = Reflect.get(prototype, name);
    if (typeof handler !== 'function') return [];
    const method: unknown = Reflect.getMetadata(METHOD_METADATA, handler);
    if (typeof method !== 'number') return [];
    const path = `/${prefix}/${textMetadata(PATH_METADATA, handler)}`.replaceAll(/\/+/g, '/').replace(/(?<=.)\/$/, '');
    return [{ template: path, method: RequestMethod[method] ?? 'GET', handler }];
  });
}

function textMetadata(key: string, target: object): string {
  const value: unknown = Reflect.getMetadata(key, target);
  return typeof value === 'string' ? value : '';
}

function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replaceAll(/:\w+/g, '[^/]+')}/?$`, 'i');
}
