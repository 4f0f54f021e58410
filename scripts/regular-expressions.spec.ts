import { readdirSync, readFileSync } from 'node:fs';
import { Script } from 'node:vm';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const SOURCES = ['apps', 'libs'].flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((file) => `${root}/${file}`)
    .filter((file) => /\/src\/.*\.(?:ts|js)$/.test(file) && !file.endsWith('.spec.ts')),
);

/** Where patterns are put together from text: the redactor escapes it, and the others have only words of the code. */
const COMPOSED = [
  'libs/api/src/common/route-table.ts',
  'libs/redis/src/redis.errors.ts',
  'libs/telemetry/src/logging/redactor.ts',
];

/** At this length, time that grows with the square is many times as long, and time that grows evenly a ten-thousandth. */
const LENGTH = 100_000;
const TIMEOUT_MS = 1_000;
/** What takes the time above at the length above takes `cpuMs` at a fifth of it: all attacks together may take less. */
const SCREENING = { length: LENGTH / 5, cpuMs: TIMEOUT_MS / 25, timeoutMs: TIMEOUT_MS / 5 };
const ENDING = '\u0001';

interface Found {
  readonly place: string;
  readonly pattern: RegExp;
}

function patternsIn(file: string): { readonly literals: readonly Found[]; readonly composes: boolean } {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const literals: Found[] = [];
  let composes = false;
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const [, body = '', flags = ''] = /^\/([^]*)\/(\w*)$/.exec(node.text) ?? [];
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      literals.push({ place: `${file}:${line + 1}`, pattern: new RegExp(body, flags) });
    }
    composes ||= (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'RegExp';
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { literals, composes };
}

const ESCAPES: Readonly<Record<string, string>> = { d: '0', s: ' ', w: 'a', n: '\n', r: '\r', t: '\t', b: '', B: '' };

/** Texts that the pattern may be made to repeat: what stands in it literally, and one of each of its classes. */
function fragmentsOf({ source }: RegExp): string[] {
  const plain = source
    .replaceAll(/\\u([\da-f]{4})|\\x([\da-f]{2})/gi, (_, u = '', x = '') =>
      String.fromCharCode(parseInt(`${u}${x}`, 16)),
    )
    .replaceAll(/\\p\{\w+\}/gi, 'a')
    .replaceAll(/\\(.)/g, (_, character: string) => ESCAPES[character] ?? character);
  const words = plain.split(/[()[\]{}|*+?^$]|\{\d+,?\d*\}/).filter((word) => word !== '');
  return [
    ...new Set([...words.map((word) => word.slice(0, 40)), ...words.map((word) => word.charAt(0)), 'a', '0', ' ', 'x']),
  ];
}

/** Long texts that nearly fit: each morsel, and each two in turn, over and over, after each beginning of the pattern. */
function* attacksOn(pattern: RegExp, length: number): Generator<string> {
  const morsels = fragmentsOf(pattern).slice(0, 12);
  const beginnings = ['', ...morsels.slice(0, 6).map((_, index) => morsels.slice(0, index + 1).join(''))];
  for (const first of morsels) {
    for (const second of ['', ...morsels]) {
      const unit = first + second;
      const run = unit.repeat(length / unit.length);
      for (const beginning of second === '' ? beginnings : ['']) yield beginning + run + ENDING;
    }
  }
}

const SEARCH = new Script('for (const attack of attacks) attack.replace(pattern, "")');

/** Whether the pattern is done with all these texts in time. */
function endsInTime(pattern: RegExp, attacks: readonly string[], timeoutMs: number): boolean {
  Object.assign(globalThis, { attacks, pattern });
  try {
    SEARCH.runInThisContext({ timeout: timeoutMs });
    return true;
  } catch {
    return false;
  }
}

/** Whether shorter attacks, all together, take so little processor time that none of the long ones can take too long. */
function isHarmless(pattern: RegExp): boolean {
  const attacks = [...attacksOn(pattern, SCREENING.length)];
  const before = process.cpuUsage();
  if (!endsInTime(pattern, attacks, SCREENING.timeoutMs)) return false;
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 < SCREENING.cpuMs;
}

/** Of the attacks, the beginning of one that takes too long; null when there is none. */
function findBacktracking(pattern: RegExp): string | null {
  if (isHarmless(pattern)) return null;
  for (const attack of attacksOn(pattern, LENGTH)) {
    if (!endsInTime(pattern, [attack], TIMEOUT_MS)) return attack.slice(0, 40);
  }
  return null;
}

describe('the regular expressions of what ships', () => {
  const files = SOURCES.map((file) => ({ file, ...patternsIn(file) }));
  const literals = files.flatMap((found) => found.literals);

  it.each([/^(a+)+$/, /\s+$/, /\d+\.?\d*x/g])('would be found out: %s', (pattern) => {
    expect(findBacktracking(pattern)).not.toBeNull();
  });

  it('are all known: none is put together but where that was thought about', () => {
    expect(
      files
        .filter(({ composes }) => composes)
        .map(({ file }) => file)
        .toSorted(),
    ).toEqual(COMPOSED);
    expect(literals.length).toBeGreaterThan(50);
  });

  it('take time that grows evenly with the text', () => {
    const weak = literals.map(({ place, pattern }) => ({
      place,
      pattern: String(pattern),
      by: findBacktracking(pattern),
    }));
    expect(weak.filter(({ by }) => by !== null)).toEqual([]);
  }, 300_000);
});
