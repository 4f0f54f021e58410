import { Transaction, Wallet } from 'ethers';
import { describe, expect, it } from 'vitest';
import { signerCreator } from '../../../../../test/support/chain/test-signer.js';
import { aDeploymentJob } from '../../../../../test/support/fixtures/deployment-job.fixture.js';
import type { Fee } from '#signing';
import { feeKind, LaneSigner } from './lane-signer.js';

const KEY = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d';
const ADDRESS = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const transaction = {
  kind: 'deploy' as const,
  to: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  data: '0x12345678',
  value: 3n,
  gasLimit: 123_456n,
  jobs: [aDeploymentJob('m')],
};
const eip1559: Fee = { kind: 'eip1559', maxFeePerGas: 30n, maxPriorityFeePerGas: 2n };
const fees = { maxFeePerGas: 30n, maxPriorityFeePerGas: 2n };
const legacy: Fee = { kind: 'legacy', maxFeePerGas: 30n, maxPriorityFeePerGas: 30n };

describe('LaneSigner', () => {
  const permitted = { to: transaction.to, selector: transaction.data, maxValue: 3n };
  const signer = new LaneSigner(signerCreator(KEY)([permitted]));
  const funds = { balance: 10n ** 18n, reserved: 0n, nonce: 7 };

  it.each([
    ['eip1559', eip1559, { type: 2, maxFeePerGas: 30n, maxPriorityFeePerGas: 2n }],
    ['legacy', legacy, { type: 0, gasPrice: 30n }],
  ] as const)('signs a transaction priced the %s way', async (kind, fee, priced) => {
    const attempt = await signer.sign(transaction, 7, fee, funds);
    const { to, data, value, gasLimit } = transaction;
    const signed = Transaction.from(attempt.raw);
    expect(signed).toMatchObject({ to, data, value, gasLimit, nonce: 7, chainId: 31337n, from: ADDRESS, ...priced });
    expect(attempt).toMatchObject({
      hash: signed.hash,
      gasLimit,
      maxFeePerGas: fee.maxFeePerGas,
      maxPriorityFeePerGas: fee.maxPriorityFeePerGas,
    });
    expect(feeKind(attempt)).toBe(kind);
  });

  it('signs the same bytes as ethers', async () => {
    const { to, data, value, gasLimit } = transaction;
    const places = { nonce: 7, chainId: 31337, type: 2 };
    const raw = await new Wallet(KEY).signTransaction({ to, data, value, gasLimit, ...places, ...fees });
    expect((await signer.sign(transaction, 7, eip1559, funds)).raw).toBe(raw);
  });

  it.each([
    ['eip1559', eip1559, { kind: 'eip1559', maxFeePerGas: 40n, maxPriorityFeePerGas: 3n }],
    ['legacy', legacy, { kind: 'legacy', maxFeePerGas: 40n, maxPriorityFeePerGas: 40n }],
  ] as const)('signs the same again for another fee and gas limit, the %s way', async (kind, fee, more) => {
    const first = await signer.sign(transaction, 7, fee, funds);
    const second = await signer.signReplacement(first, more, 900_000n, funds);
    const { to, data, value, nonce, chainId, from, type } = Transaction.from(first.raw);
    const same = { to, data, value, nonce, chainId, from, type };
    expect(Transaction.from(second.raw)).toMatchObject({ ...same, gasLimit: 900_000n });
    expect(second.maxFeePerGas).toBe(40n);
    expect(second.hash).not.toBe(first.hash);
    expect(feeKind(second)).toBe(kind);
  });

  it('rejects a replacement of an attempt that its key did not sign for this chain', async () => {
    const theft = { to: transaction.to, data: '0x', value: 10n ** 18n, gasLimit: 21_000n, nonce: 7, type: 2, ...fees };
    const attempt = await signer.sign(transaction, 7, eip1559, funds);
    const stranger = await Wallet.createRandom().signTransaction({ ...theft, chainId: 31337 });
    const unsigned = Transaction.from({ ...theft, chainId: 31337 }).unsignedSerialized;
    const elsewhere = await new Wallet(KEY).signTransaction({ ...theft, chainId: 1 });
    for (const raw of [stranger, unsigned, elsewhere]) {
      const more = { ...eip1559, maxFeePerGas: 40n };
      await expect(signer.signReplacement({ ...attempt, raw }, more, 21_000n, funds)).rejects.toThrow(
        /was not signed by this key/,
      );
    }
  });

  it("rejects a replacement whose nonce is not the slot's", async () => {
    const attempt = await signer.sign(transaction, 7, eip1559, funds);
    const more = { ...eip1559, maxFeePerGas: 40n };
    await expect(signer.signReplacement(attempt, more, 21_000n, { ...funds, nonce: 9 })).rejects.toMatchObject({
      reason: 'policy_violation',
      message: `${ADDRESS} does not sign nonce 7: the journal has 9`,
    });
  });
});
