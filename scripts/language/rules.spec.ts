import { describe, expect, it } from 'vitest';
import { findUnusedTerms } from './glossary-rule.js';
import { findReadmeSize, findWideLines } from './markdown-rule.js';
import { findPhrases } from './phrase-rule.js';
import { findMissingRoles } from './role-rule.js';

describe('findPhrases', () => {
  it('names the line and the word to write instead', () => {
    expect(findPhrases('a.md', 'One.\nThe endpoint is put aside.')).toEqual([
      { path: 'a.md', line: 2, problem: '"put aside": write exclude (an endpoint), schedule a retry (a message)' },
    ]);
  });

  it.each(['Nobody reads it.', 'Whoever sends it', 'It works, too.', 'Defaults apply without.', 'goes on by itself'])(
    'finds the phrase in: %s',
    (text) => {
      expect(findPhrases('a.ts', text)).toHaveLength(1);
    },
  );

  it.each(['Too many requests', 'without a key', 'It is not too late.', 'a disposable Redis'])(
    'accepts: %s',
    (text) => {
      expect(findPhrases('a.ts', text)).toEqual([]);
    },
  );
});

describe('findMissingRoles', () => {
  it.each([
    ['a.ts', "@Controller('a')\nexport class A {}", 1],
    ['a.ts', 'export class A implements CanActivate {}', 1],
    ['a.guard.ts', 'export class A implements CanActivate {}', 1],
    ['a.guard.ts', 'export class AGuard implements CanActivate {}', 0],
    ['a.port.ts', 'export interface A {}', 1],
    ['a.port.ts', 'export abstract class A {}', 0],
    ['errors.ts', 'export class Rejected extends Error {}', 1],
    ['errors.ts', 'export class RejectedError extends Error {}', 0],
  ])('finds in %s with %j: %i', (path, source, count) => {
    expect(findMissingRoles(path, source)).toHaveLength(count);
  });
});

describe('findUnusedTerms', () => {
  const glossary = '| term | meaning |\n| **fee bump** | … |\n- **lane**: an account';

  it('accepts a term in any spelling', () => {
    expect(findUnusedTerms('glossary.md', glossary, 'const feeBump = 1; class LaneLease {}')).toEqual([]);
  });

  it('names the line of a term that no source uses', () => {
    expect(findUnusedTerms('glossary.md', glossary, 'LaneLease')).toEqual([
      { path: 'glossary.md', line: 2, problem: 'no source uses the term "fee bump"' },
    ]);
  });
});

describe('findWideLines', () => {
  const wide = 'word '.repeat(30);

  it('finds a wide line of prose', () => {
    expect(findWideLines('a.md', `short\n${wide}`)).toMatchObject([{ line: 2 }]);
  });

  it.each([`| ${wide}|`, `# ${wide}`, `\`\`\`\n${wide}\n\`\`\``, `[a page](${'x'.repeat(200)})`])(
    'accepts a table, a heading, code and a link target: %#',
    (markdown) => {
      expect(findWideLines('a.md', markdown)).toEqual([]);
    },
  );
});

describe('findReadmeSize', () => {
  it('counts bytes, not characters', () => {
    expect(findReadmeSize('README.md', 'ä'.repeat(4096))).toEqual([]);
    expect(findReadmeSize('README.md', 'ä'.repeat(4097))).toHaveLength(1);
  });
});
