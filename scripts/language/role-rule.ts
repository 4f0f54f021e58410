import type { Finding } from './finding.js';

/** What a class is by its decorator or interface, and the file suffix that says so. */
const ROLES: readonly (readonly [code: RegExp, suffix: string])[] = [
  [/^@Module\(/m, 'module'],
  [/^@Controller\(/m, 'controller'],
  [/^@Catch\(/m, 'filter'],
  [/\bimplements CanActivate\b/, 'guard'],
  [/\bimplements NestInterceptor\b/, 'interceptor'],
  [/\bimplements NestMiddleware\b/, 'middleware'],
];

/** Suffixes whose classes carry the same word at the end of their name. */
const NAMED_BY_SUFFIX: ReadonlySet<string> = new Set([
  'module',
  'controller',
  'filter',
  'guard',
  'interceptor',
  'middleware',
]);

const CLASS = /^export (abstract )?class (\w+)(?:<[^{]*?>)?(?: extends (\w+))?/gm;

/** Compares the role suffix of a source file (`x.guard.ts`) with the classes that it declares. */
export function findMissingRoles(path: string, source: string): readonly Finding[] {
  const [, suffix = ''] = /\.(\w+)\.ts$/.exec(path) ?? [];
  const problems = ROLES.flatMap(([code, role]) => {
    const found = code.exec(source);
    if (!found || role === suffix) return [];
    return [{ index: found.index, problem: `the file declares a ${role}: name it *.${role}.ts` }];
  });
  for (const { index, 2: name = '', 3: base = '' } of source.matchAll(CLASS)) {
    if (NAMED_BY_SUFFIX.has(suffix) && !name.toLowerCase().endsWith(suffix)) {
      problems.push({ index, problem: `class ${name} in *.${suffix}.ts: its name must end in the role` });
    }
    if (base.endsWith('Error') && !name.endsWith('Error')) {
      problems.push({ index, problem: `class ${name} extends ${base}: its name must end in Error` });
    }
  }
  if (suffix === 'port' && !/^export abstract class /m.test(source)) {
    problems.push({ index: 0, problem: 'a *.port.ts declares an abstract class, which is the DI token' });
  }
  return problems.map(({ index, problem }) => ({ path, line: source.slice(0, index).split('\n').length, problem }));
}
