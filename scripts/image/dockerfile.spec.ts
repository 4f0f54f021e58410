import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const dockerfile = (await readFile('Dockerfile', 'utf8')).replaceAll('\\\n', ' ').split('\n');

describe('the Dockerfile', () => {
  it('builds on an exact version of Node, and on nothing else', () => {
    const base = argumentsOf('ARG').find((name) => name.startsWith('NODE_IMAGE='));

    expect(base).toMatch(/^NODE_IMAGE=docker\.io\/library\/node:24\.\d+\.\d+-[a-z]+-slim$/);
    for (const image of argumentsOf('FROM')) expect(image).toMatch(/^\$\{NODE_IMAGE\}( AS \w+)?$/);
  });

  it('takes over what .dockerignore lets through, and .dockerignore nothing else', async () => {
    const [first, ...rules] = (await readFile('.dockerignore', 'utf8'))
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    const admitted = rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1));
    const copied = argumentsOf('COPY')
      .filter((line) => !line.startsWith('--from='))
      .flatMap((line) => line.split(/\s+/).slice(0, -1));

    expect(first).toBe('*');
    expect(admitted.toSorted()).toEqual([...new Set(copied)].toSorted());
    expect(rules.filter((rule) => !rule.startsWith('!'))).toContain('**/.env*');
  });

  it('declares no health check', () => {
    expect(argumentsOf('HEALTHCHECK')).toEqual([]);
  });
});

function argumentsOf(instruction: string): string[] {
  return dockerfile
    .filter((line) => line.startsWith(`${instruction} `))
    .map((line) => line.slice(instruction.length + 1));
}
