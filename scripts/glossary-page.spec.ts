import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const LIBRARY = 'libs/core/src/';

describe('docs/glossary.md', () => {
  const listed = [...readFileSync('docs/glossary.md', 'utf8').matchAll(/^\| (`.*?`) +\|/gm)].flatMap(([, cell = '']) =>
    cell.split(', ').map((name) => name.replaceAll('`', '')),
  );

  it('names every type that the domain library exports, and no other', () => {
    expect(listed.toSorted()).toEqual(exportedTypes().toSorted());
  });
});

function exportedTypes(): string[] {
  return statementsOf('index.ts').flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || !statement.moduleSpecifier) return [];
    if (!ts.isStringLiteral(statement.moduleSpecifier)) return [];
    return statementsOf(statement.moduleSpecifier.text.replace(/\.js$/, '.ts')).flatMap((node) =>
      isType(node) && node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
        ? [node.name?.text ?? '']
        : [],
    );
  });
}

function statementsOf(file: string): readonly ts.Statement[] {
  const path = LIBRARY + file;
  return [...ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest).statements];
}

function isType(node: ts.Statement): node is ts.ClassDeclaration | ts.InterfaceDeclaration | ts.TypeAliasDeclaration {
  return ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
}
