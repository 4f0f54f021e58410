import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DeployerScene } from './deployer-scene.js';

describe('The audit', () => {
  let scene: DeployerScene;
  beforeAll(async () => {
    scene = await DeployerScene.start();
  });
  afterEach(() => scene.reset());
  afterAll(() => scene.stop());

  it('finds nothing in a system that works, running or stopped', async () => {
    await scene.startService();
    await scene.deploy('a', 'b', 'c');
    expect(await scene.audit({ eventsKept: true })).toEqual([]);
    await scene.stopServices();
    expect(await scene.audit({ quiescent: true, eventsKept: true, distinctMessages: true })).toEqual([]);
  });
});
