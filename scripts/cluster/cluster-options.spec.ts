import { describe, expect, it } from 'vitest';
import { clusterOptions } from './cluster-options.js';

describe('clusterOptions', () => {
  it('never takes the current context by itself', () => {
    expect(() => clusterOptions(['--image', 'token-deployer:0.1.0'])).toThrow('--context is required');
  });

  it('asks for the image', () => {
    expect(() => clusterOptions(['--context', 'kind'])).toThrow('--image is required');
  });

  it('leaves the other images to docker-compose.yml unless they are named', () => {
    const [redisImage, anvilImage] = ['redis:1', undefined];
    const args = ['--context', 'kind', '--image', 'token-deployer:1', '--redis-image', redisImage];
    expect(clusterOptions(args)).toEqual({ context: 'kind', image: 'token-deployer:1', redisImage, anvilImage });
  });

  it('refuses what it does not know', () => {
    expect(() => clusterOptions(['--contxt', 'kind'])).toThrow("'--contxt'");
  });
});
