import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transaction } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEPLOYER_ROLE } from '#contracts';
import type { Hold } from '#core';
import { ChainHarness } from '../../support/chain/chain-harness.js';
import type { ChainReplica } from '../../support/chain/chain-replica.js';
import { RpcProxy } from '../../support/rpc/rpc-proxy.js';
import { until } from '../../support/until.js';

function signerHold({ holds }: ChainReplica): Hold | undefined {
  return holds.own.holds.find(({ reason }) => reason === 'signer_unavailable');
}

async function deploy(replica: ChainReplica, modelId: string): Promise<void> {
  await replica.submit(modelId);
  expect(await replica.waitForResult(modelId)).toMatchObject({ kind: 'deployed' });
}

describe('Signers of a running process', () => {
  let chain: ChainHarness;
  let folder: string;
  let file: string;
  beforeAll(async () => {
    chain = await ChainHarness.start();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signers-'));
    file = join(folder, 'key');
    await writeFile(file, chain.deployer.privateKey);
  });
  afterEach(async () => {
    await chain.reset();
    await chain.sendAsAdmin('revokeRole', DEPLOYER_ROLE, chain.otherAccount.address);
    await rm(folder, { recursive: true });
  });
  afterAll(() => chain.stop());

  const senders = (): ReadonlySet<string | null> =>
    new Set(chain.proxy.sentTransactions.map((raw) => Transaction.from(raw).from));

  /** As a new version of a Kubernetes secret comes: never half-written. */
  const replaceKey = async (content: string): Promise<void> => {
    await writeFile(`${file}.new`, content);
    await rename(`${file}.new`, file);
  };

  it('deploy through one account while the signer of another is unavailable, and through both afterwards', async () => {
    const { otherAccount, deployer } = chain;
    await chain.sendAsAdmin('grantRole', DEPLOYER_ROLE, otherAccount.address);
    // anvil answers eth_signTransaction as Web3Signer does.
    const remote = await RpcProxy.start(chain.anvil.url);
    try {
      remote.setRule(() => 503);
      const signers = `file:${file},web3signer:${remote.url}?address=${otherAccount.address}`;
      const replica = await chain.startReplica({ DEPLOYER_PRIVATE_KEY: undefined, DEPLOYER_SIGNERS: signers });
      await deploy(replica, 'meanwhile');
      expect(senders()).toEqual(new Set([deployer.address]));
      expect(signerHold(replica)).toMatchObject({
        detail: expect.stringContaining(`web3signer:${new URL(remote.url).origin}: HTTP 503`) as string,
        lane: otherAccount.address,
        pauses: false,
      });

      remote.reset();
      await until(
        'the lane of the remote signer',
        async () => (await replica.journal.owner(otherAccount.address)) !== null,
      );
      expect(signerHold(replica)).toBeUndefined();
      await chain.anvil.request('anvil_setBalance', [deployer.address, '0x0']);
      await deploy(replica, 'afterwards');
      expect(senders()).toEqual(new Set([deployer.address, otherAccount.address]));
    } finally {
      await chain.anvil.request('anvil_setBalance', [deployer.address, '0x56bc75e2d63100000']);
      await remote.stop();
    }
  });

  it('keep the previous key until the new one can be used, and then change the account', async () => {
    const { otherAccount, deployer } = chain;
    const replica = await chain.startReplica({ DEPLOYER_PRIVATE_KEY: undefined, DEPLOYER_PRIVATE_KEY_FILE: file });
    await replaceKey('no key at all\n');
    expect((await until('the hold of the file', () => signerHold(replica))).detail).toMatch(
      /^DEPLOYER_PRIVATE_KEY_FILE: the file must hold .*; the previous key stays in use$/,
    );
    await deploy(replica, 'before');

    await replaceKey(`${otherAccount.privateKey}\n`);
    await until('the missing role', () => signerHold(replica)?.detail.includes('lacks DEPLOYER_ROLE'));
    await deploy(replica, 'still-before');
    expect(senders()).toEqual(new Set([deployer.address]));

    await chain.sendAsAdmin('grantRole', DEPLOYER_ROLE, otherAccount.address);
    await until('the end of the hold', () => signerHold(replica) === undefined);
    await deploy(replica, 'after');
    expect(senders()).toEqual(new Set([deployer.address, otherAccount.address]));
    expect(await replica.journal.owner(deployer.address)).toBeNull();
    expect(chain.log.some((line) => line.includes('signer.changed'))).toBe(true);
  });
});
