import { describe, expect, it } from 'vitest';
import { imageReference } from './image-reference.js';

const DIGEST = `sha256:${'1'.repeat(64)}`;

describe('imageReference', () => {
  it.each([
    ['token-deployer', 'token-deployer', '', ''],
    ['registry.example.com/a/b:0.1.0', 'registry.example.com/a/b', '0.1.0', ''],
    ['localhost:5000/b', 'localhost:5000/b', '', ''],
    [`localhost:5000/b:1@${DIGEST}`, 'localhost:5000/b', '1', DIGEST],
    [`b@${DIGEST}`, 'b', '', DIGEST],
  ])('takes %s apart', (text, repository, tag, digest) => {
    expect(imageReference(text)).toEqual({ repository, tag, digest });
  });

  it.each(['', 'b@latest', `b@${DIGEST}0`])("refuses '%s'", (text) => {
    expect(() => imageReference(text)).toThrow('is no reference');
  });
});
