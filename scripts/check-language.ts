// `npm run check:language`: holds sources, documents, log lines and console texts to the words of docs/glossary.md.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { Finding } from './language/finding.js';
import { findUnusedTerms } from './language/glossary-rule.js';
import { findReadmeSize, findWideLines } from './language/markdown-rule.js';
import { findPhrases } from './language/phrase-rule.js';
import { findMissingRoles } from './language/role-rule.js';

const TEXT = /\.(ts|mjs|js|json|md|ya?ml|html|css|lua|sol|tpl|txt|py|sh)$|(^|\/)(Dockerfile|run|\.env\.example)$/;
/**
 * The rules quote what they forbid, the changelog what was renamed. A comment of a contract is part of the metadata hash in its
 * bytecode, so a new wording would move every token. The others are generated or copied.
 */
const EXEMPT =
  /^(scripts\/language\/|libs\/contracts\/solidity\/|CHANGELOG\.md$|package-lock\.json$|LICENSE$|.*\/artifacts\/)/;
const GLOSSARY = 'docs/glossary.md';

const texts = new Map(
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
    .split('\n')
    .filter((path) => TEXT.test(path) && !EXEMPT.test(path) && existsSync(path))
    .map((path) => [path, readFileSync(path, 'utf8')] as const),
);
const sources = [...texts].filter(([path]) => /^(apps|libs)\/.*(?<!\.spec)\.ts$/.test(path));
const findings: readonly Finding[] = [
  ...[...texts].flatMap(([path, text]) => findPhrases(path, text)),
  ...sources.flatMap(([path, text]) => findMissingRoles(path, text)),
  ...[...texts].filter(([path]) => path.endsWith('.md')).flatMap(([path, text]) => findWideLines(path, text)),
  ...findReadmeSize('README.md', texts.get('README.md') ?? ''),
  ...findUnusedTerms(GLOSSARY, texts.get(GLOSSARY) ?? '', sources.map(([, text]) => text).join('\n')),
];

for (const { path, line, problem } of findings) console.error(`${path}:${line}: ${problem}`);
console.log(`${texts.size} files, ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`);
process.exitCode = findings.length > 0 ? 1 : 0;
