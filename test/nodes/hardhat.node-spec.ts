import { describe, expect, it } from 'vitest';
import { HardhatNode } from './hardhat-node.js';
import { deployThroughKill, names, oneTokenEach, outcome, push, useNodeStack } from './node-scenario.js';

describe('The service on hardhat', () => {
  const start = useNodeStack({ startNode: () => HardhatNode.start(), env: { CONFIRMATIONS: '2' } });

  it('deploys 500 tokens while the service is killed', async () => {
    const running = await start();
    const models = await deployThroughKill(running);
    expect(await outcome(running)).toEqual(oneTokenEach(models));
  });

  it('deploys with instant mining', async () => {
    const running = await start({
      startNode: () => HardhatNode.start({ mining: { auto: true } }),
      env: { CONFIRMATIONS: '1' },
    });
    const models = names('instant', 120);
    await push(running, ...models);
    expect(await outcome(running)).toEqual(oneTokenEach(models));
  });

  it('deploys while blocks of 5 million gas are full', async () => {
    const running = await start({ startNode: () => HardhatNode.start({ blockGasLimit: 5_000_000 }) });
    const models = names('narrow', 120);
    await push(running, ...models);
    expect(await outcome(running)).toEqual(oneTokenEach(models));
  });
});
