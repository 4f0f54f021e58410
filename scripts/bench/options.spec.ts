import { describe, expect, it } from 'vitest';
import { benchmarksFor } from './benchmarks.js';
import { benchOptions } from './options.js';

const titles = (...args: readonly string[]): readonly string[] =>
  benchmarksFor(benchOptions(args)).map(({ title }) => title);

const managed = (block: number): readonly string[] => [
  `deploy by the TokenManager: 90 messages, a block every ${block} s, governance registry, 1 key`,
  `deploy by the TokenManager: 90 messages, a block every ${block} s, own registry, 1 key`,
  `deploy by the TokenManager: 90 messages, a block every ${block} s, own registry, 2 keys`,
];

describe('The benchmark of deployments', () => {
  it('measures both backends, the TokenManager in blocks of 1 s and 12 s', () => {
    expect(titles('deploy')).toEqual([
      'deploy: 5000 messages, instant mining, 1 key',
      'deploy: 5000 messages, a block every 1 s, 1 key',
      'deploy: 5000 messages, a block every 12 s, 1 key',
      ...managed(1),
      ...managed(12),
    ]);
    expect(titles('all')).toEqual(expect.arrayContaining([...titles('deploy')]));
  });

  it.each(['factory', 'token-manager'])('measures only %s when it is named', (backend) => {
    const found = titles('deploy', '--backend', backend);
    expect(found).toHaveLength(backend === 'factory' ? 3 : 6);
    expect(found.every((title) => title.includes('TokenManager') === (backend === 'token-manager'))).toBe(true);
  });

  it('takes a number of messages for the factory, unless a backend is named', () => {
    const both = titles('deploy', '--block', '12', '--messages', '10000', '--registry', 'governance');
    expect(both).toEqual([
      'deploy: 10000 messages, a block every 12 s, 1 key',
      'deploy by the TokenManager: 90 messages, a block every 12 s, governance registry, 1 key',
    ]);
    const [title] = titles('deploy', '--backend', 'token-manager', '--messages', '110');
    expect(title).toContain('110 messages');
  });

  it('refuses a backend that does not exist, and blocks that the TokenManager is not measured with', () => {
    expect(() => titles('deploy', '--backend', 'other')).toThrow("'other' is none of factory, token-manager");
    expect(() => titles('deploy', '--backend', 'token-manager', '--block', 'instant')).toThrow('blocks of 1 s or 12 s');
    expect(titles('deploy', '--block', 'instant')).toHaveLength(1);
  });
});
