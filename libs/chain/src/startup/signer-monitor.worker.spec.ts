import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { encryptKeystoreJsonSync } from 'ethers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Environment, readSettings, SignerConfig } from '#config';
import { HoldRegistry, StartupError } from '#core';
import { addressOfKey, SigningPolicy } from '#signing';
import { MockRpcError, MockRpcNode } from '../../../../test/support/rpc/mock-rpc-node.js';
import type { LaneTokenDeployer } from '../lanes/lifecycle/lane-token-deployer.adapter.js';
import type { LaneSigner } from '../lanes/transactions/lane-signer.js';
import { ConfiguredSigners } from './configured-signers.adapter.js';
import { SignerMonitor } from './signer-monitor.worker.js';
import type { StartupChecks } from './startup-checks.service.js';

const [OLD, NEW, THIRD] = ['11', '22', '33'].map((byte) => byte.repeat(32)) as [string, string, string];
const [OLD_ADDRESS, NEW_ADDRESS, THIRD_ADDRESS] = [OLD, NEW, THIRD].map((key) => addressOfKey(`0x${key}`));
const SECRET = 'a1b2c3-secret';

/** Records the lanes in place of the one that works on a chain. */
class RecordingDeployer {
  readonly lanes: (string | undefined)[] = [];

  add(signers: readonly LaneSigner[]): void {
    this.lanes.push(...signers.map(({ address }) => address));
  }

  async retire(address: string): Promise<void> {
    this.lanes.splice(this.lanes.indexOf(address), 1);
  }
}

/** Lets time pass until a condition holds; files are read in real time. */
async function passes(what: string, condition: () => boolean): Promise<void> {
  for (let steps = 0; !condition(); steps += 1) {
    if (steps > 2_000) throw new Error(`gave up waiting for ${what}`);
    await vi.advanceTimersByTimeAsync(50);
    await new Promise(setImmediate);
  }
}

function encrypted(key: string, password: string): string {
  const account = { address: addressOfKey(`0x${key}`), privateKey: `0x${key}` };
  return encryptKeystoreJsonSync(account, password, { scrypt: { N: 2, r: 8, p: 1 } });
}

describe('SignerMonitor', () => {
  let folder: string;
  let holds: HoldRegistry;
  let deployer: RecordingDeployer;
  let signers: ConfiguredSigners;
  let monitor: SignerMonitor | null = null;
  let checkFailure: Error | null;
  const checked: string[] = [];

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    Logger.overrideLogger(false);
    folder = await mkdtemp(join(tmpdir(), 'signers-'));
    holds = new HoldRegistry();
    deployer = new RecordingDeployer();
    checkFailure = null;
    checked.length = 0;
  });
  afterEach(async () => {
    const stopped = monitor?.stop();
    monitor = null;
    await vi.runAllTimersAsync();
    await stopped;
    vi.useRealTimers();
    await rm(folder, { recursive: true });
  });

  const path = (name: string): string => join(folder, name);

  const write = async (name: string, content: string): Promise<void> => {
    await writeFile(path(`${name}.new`), content);
    await rename(path(`${name}.new`), path(name));
  };

  const start = async (environment: Environment): Promise<void> => {
    const config = readSettings(environment, [SignerConfig]).get(SignerConfig);
    const policy = new SigningPolicy({
      chainId: 31337,
      calls: [],
      maxFeePerGas: 1n,
      maxPriorityFeePerGas: 1n,
      maxTransactionCost: 10n ** 18n,
      minBalance: 0n,
      refusesLegacy: () => false,
    });
    signers = new ConfiguredSigners(config, policy, holds);
    await signers.openAll();
    deployer.add(signers.signers);
    const checks = {
      run: async (addresses: readonly string[], others: readonly string[]): Promise<void> => {
        if (checkFailure) throw checkFailure;
        if (addresses.some((address) => others.includes(address))) throw new StartupError('the same address twice');
        checked.push(...addresses);
      },
    };
    monitor = new SignerMonitor(signers, checks as unknown as StartupChecks, deployer as unknown as LaneTokenDeployer);
    await monitor.start();
  };

  const detail = (): string | undefined => holds.own.holds[0]?.detail;

  it('changes the lane when the key in a file changes', async () => {
    await write('key', `${OLD}\n`);
    await start({ DEPLOYER_SIGNERS: `file:${path('key')}` });
    await write('key', `0x${NEW}\n`);
    await passes('the new lane', () => deployer.lanes.includes(NEW_ADDRESS));
    await passes('the end of the old lane', () => !deployer.lanes.includes(OLD_ADDRESS));
    expect([checked, signers.addresses]).toEqual([[NEW_ADDRESS], [NEW_ADDRESS]]);
  });

  it('keeps the lanes of accounts that stay in a file of several keys', async () => {
    await write('keys', `${OLD},${NEW}`);
    await start({ DEPLOYER_PRIVATE_KEY_FILE: path('keys') });
    const kept = signers.signers[1];
    await write('keys', `${NEW},${THIRD}`);
    await passes('the lanes', () => deployer.lanes.includes(THIRD_ADDRESS) && deployer.lanes.length === 2);
    expect(signers.addresses).toEqual([NEW_ADDRESS, THIRD_ADDRESS]);
    expect(signers.signers[0]).toBe(kept);
    expect(checked).toEqual([THIRD_ADDRESS]);
  });

  it.each([
    ['an empty file', ''],
    ['a text that is no key', SECRET],
    ['a key of zero', '00'.repeat(32)],
    ['the same key twice', `${OLD},${OLD}`],
    ['no file', null],
  ])('keeps the key and shows a hold for %s, until the file is valid', async (_what, content) => {
    await write('key', OLD);
    await start({ DEPLOYER_SIGNERS: `file:${path('key')}` });
    if (content === null) await rm(path('key'));
    else await write('key', content);
    await passes('the hold', () => detail() !== undefined);
    expect(holds.own.holds).toMatchObject([{ reason: 'signer_unavailable', pauses: false }]);
    expect(detail()).toMatch(
      /^file:\/.*\/key: .*(?:must hold comma-separated private keys|must name a readable file).*; the previous key stays in use$/,
    );
    expect(detail()).not.toContain(SECRET);

    await write('key', `${OLD}\n`);
    await passes('the end of the hold', () => detail() === undefined);
    expect([deployer.lanes, checked]).toEqual([[OLD_ADDRESS], []]);
  });

  it('opens a keystore again when its password file follows', async () => {
    await write('keystore', encrypted(OLD, SECRET));
    await write('password', SECRET);
    await start({ DEPLOYER_SIGNERS: `keystore:${path('keystore')}?password_file=${path('password')}` });
    await write('keystore', encrypted(NEW, 'another'));
    await passes('the hold', () => detail()?.includes('password_file must hold its password') === true);
    expect(detail()).not.toContain(SECRET);
    await write('password', 'another\n');
    await passes('the new lane', () => deployer.lanes.includes(NEW_ADDRESS) && deployer.lanes.length === 1);
    expect(detail()).toBeUndefined();
  });

  it('keeps the key until the new account passes the checks', async () => {
    await write('key', OLD);
    await start({ DEPLOYER_SIGNERS: `file:${path('key')}` });
    checkFailure = new StartupError('the signer lacks DEPLOYER_ROLE');
    await write('key', NEW);
    await passes('the hold', () => detail() !== undefined);
    expect([detail(), deployer.lanes]).toEqual([
      'the signer lacks DEPLOYER_ROLE; the previous key stays in use',
      [OLD_ADDRESS],
    ]);
    checkFailure = null;
    await passes('the new lane', () => deployer.lanes.includes(NEW_ADDRESS) && deployer.lanes.length === 1);
  });

  it('refuses the address of another signer', async () => {
    await write('key', OLD);
    await start({ DEPLOYER_SIGNERS: `file:${path('key')},env:OTHER`, OTHER: NEW });
    await write('key', NEW);
    await passes('the hold', () => detail()?.startsWith('the same address twice') === true);
    expect(deployer.lanes).toEqual([OLD_ADDRESS, NEW_ADDRESS]);
  });

  it('asks an unavailable signer less and less often, and starts its lane when it answers', async () => {
    let asked = 0;
    const remote = await MockRpcNode.start({
      eth_signTransaction: () => {
        asked += 1;
        throw new MockRpcError(-32_000, 'locked');
      },
    });
    try {
      const uri = `web3signer:${remote.url}?address=${OLD_ADDRESS}`;
      await start({ DEPLOYER_SIGNERS: `${uri},env:OTHER`, OTHER: NEW });
      expect(deployer.lanes).toEqual([NEW_ADDRESS]);
      expect(holds.own.holds).toMatchObject([{ lane: OLD_ADDRESS, reason: 'signer_unavailable', pauses: false }]);
      const since = performance.now();
      await passes('six attempts', () => asked === 6);
      // 1 + 2 + 4 + 8 seconds between the last five, of which the first is at once.
      expect(performance.now() - since).toBeGreaterThan(15_000);
    } finally {
      await remote.stop();
    }
  });
});
