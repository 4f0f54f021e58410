import { inspect } from 'node:util';
import { Transaction } from 'ethers';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HoldError } from '#core';
import { PolicySigner } from './policy-signer.js';
import { addressOfKey, LocalKey } from './signers/local-key.js';
import { MAX_TRANSACTION_GAS, type SigningAccount, type SigningLimits, SigningPolicy } from './signing-policy.js';
import type { TransactionSigner } from './transaction-signer.js';
import type { Fee, UnsignedTransaction } from './unsigned-transaction.js';

const KEY = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d';
const ADDRESS = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const FACTORY = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
const MANAGER = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512';
const GWEI = 10n ** 9n;
const LIMITS: SigningLimits = {
  chainId: 11155111,
  calls: [
    { to: FACTORY, selector: '0x12345678', maxValue: 0n },
    { to: MANAGER, selector: '0xabcdef01', maxValue: 5n },
    { to: null, selector: '0x60806040', maxValue: 0n },
  ],
  maxFeePerGas: 200n * GWEI,
  maxPriorityFeePerGas: 2n * GWEI,
  maxTransactionCost: 10n ** 18n,
  minBalance: 10n ** 16n,
  refusesLegacy: () => true,
};
const RICH: SigningAccount = { balance: 10n ** 21n, reserved: 0n, nonce: null };
const eip1559: Fee = { kind: 'eip1559', maxFeePerGas: 30n * GWEI, maxPriorityFeePerGas: GWEI };
const PERMITTED: UnsignedTransaction = {
  chainId: LIMITS.chainId,
  nonce: 7,
  fee: eip1559,
  gasLimit: 100_000n,
  to: FACTORY,
  value: 0n,
  data: '0x1234567800',
};

const signerOf = (limits: Partial<SigningLimits> = {}): PolicySigner =>
  new PolicySigner(new LocalKey('key', KEY), new SigningPolicy({ ...LIMITS, ...limits }), 10_000);

const wei = (max: bigint): fc.Arbitrary<bigint> =>
  fc.oneof({ weight: 4, arbitrary: fc.bigInt({ min: 0n, max }) }, fc.bigInt({ min: 0n, max: 2n ** 80n }));

/** The limits, stated over the bytes as ethers reads them. */
function expectWithinLimits(raw: string, funds: SigningAccount): void {
  const { from, chainId, nonce, to, data, value, gasLimit, type, maxFeePerGas, maxPriorityFeePerGas } =
    Transaction.from(raw);
  const [maxFee, tip] = [maxFeePerGas ?? 0n, maxPriorityFeePerGas ?? 0n];
  expect(nonce).toBe(funds.nonce ?? nonce);
  expect([from, chainId, type]).toEqual([ADDRESS, BigInt(LIMITS.chainId), 2]);
  expect([...LIMITS.calls.map((call) => [call.to, call.selector].join()), [ADDRESS, null].join()]).toContain(
    [to, data === '0x' ? null : data.slice(0, 10)].join(),
  );
  expect(value <= (to === MANAGER ? 5n : 0n)).toBe(true);
  expect(gasLimit <= 16_777_216n).toBe(true);
  expect(maxFee <= 200n * GWEI && tip <= 2n * GWEI).toBe(true);
  expect(gasLimit * maxFee <= 10n ** 18n).toBe(true);
  expect(funds.balance - funds.reserved - gasLimit * maxFee - value >= 10n ** 16n).toBe(true);
}

const local = new LocalKey('key', KEY);
const behind = (sign: TransactionSigner['sign'], timeoutMs = 10_000): PolicySigner =>
  new PolicySigner({ name: 'kms:x', address: ADDRESS, sign }, new SigningPolicy(LIMITS), timeoutMs);

describe('PolicySigner', () => {
  it('exposes its address, never its key', () => {
    const signer = signerOf();
    expect([signer.address, addressOfKey(KEY)]).toEqual([ADDRESS, ADDRESS]);
    const shown = [
      inspect(signer, { showHidden: true, depth: 20 }),
      inspect({ signer }, { showHidden: true, depth: 20, customInspect: false }),
      JSON.stringify({ signer }),
      Object.getOwnPropertyNames(signer).join(' '),
      JSON.stringify(Object.entries(signer)),
    ];
    for (const text of shown) expect(text.toLowerCase()).not.toContain(KEY.slice(2));
    expect(JSON.stringify({ signer })).toBe(`{"signer":"${ADDRESS}"}`);
  });

  it.each([
    ['a permitted call', {}],
    ['a permitted call with its fee', { to: MANAGER, data: '0xABCDEF01', value: 5n }],
    ['the creation of a permitted contract', { to: null, data: '0x60806040aa' }],
    ['a transfer of zero to itself', { to: ADDRESS, data: '0x' }],
  ] as const)('signs %s', async (_title, changes) => {
    const { raw } = await signerOf().sign({ ...PERMITTED, ...changes }, RICH);
    expectWithinLimits(raw, RICH);
    expect(Transaction.from(raw)).toMatchObject({ nonce: 7, from: ADDRESS });
  });

  it.each([
    ['nonce', { nonce: 8 }, 'does not sign nonce 8: the journal has 7'],
    ['chain', { chainId: 1 }, 'for chain 1: CHAIN_ID is 11155111'],
    ['function', { data: '0x12345679' }, `a call of 0x12345679 at ${FACTORY}: it is not permitted`],
    ['target', { to: MANAGER }, `a call of 0x12345678 at ${MANAGER}: it is not permitted`],
    ['transfer', { to: FACTORY, data: '0x' }, `a call of nothing at ${FACTORY}: it is not permitted`],
    ['transfer to itself', { to: ADDRESS, data: '0x', value: 1n }, 'a transfer of 0.000000000000000001 ether'],
    ['creation', { to: null, data: '0x60016002' }, 'a call of 0x60016002 at a new contract: it is not permitted'],
    ['value', { value: 1n }, 'the maximum is 0.0'],
    ['gas limit', { gasLimit: MAX_TRANSACTION_GAS + 1n }, 'a gas limit of 16777217: the maximum is 16777216'],
    ['fee', { fee: { ...eip1559, maxFeePerGas: 201n * GWEI } }, 'a fee of 201.0 gwei: MAX_FEE_PER_GAS_GWEI is 200.0'],
    [
      'priority fee',
      { fee: { ...eip1559, maxPriorityFeePerGas: 3n * GWEI } },
      'a priority fee of 3.0 gwei: MAX_PRIORITY_FEE_PER_GAS_GWEI is 2.0',
    ],
    [
      'order of the fees',
      { fee: { ...eip1559, maxFeePerGas: GWEI, maxPriorityFeePerGas: 2n * GWEI } },
      'a priority fee of 2.0 gwei with a fee of 1.0 gwei',
    ],
    ['cost', { gasLimit: 16_000_000n, fee: { ...eip1559, maxFeePerGas: 100n * GWEI } }, 'a cost of 1.6 ether'],
    ['fee kind', { fee: { ...eip1559, kind: 'legacy' } }, 'a legacy transaction: the chain has a base fee'],
  ] as const)('refuses another %s, by name', async (_title, changes, sentence) => {
    const signed = signerOf().sign({ ...PERMITTED, ...changes }, { ...RICH, nonce: 7 });
    await expect(signed).rejects.toMatchObject({ reason: 'policy_violation' });
    await expect(signed).rejects.toThrow(sentence);
  });

  it('signs a legacy transaction on a chain without base fee', async () => {
    const { raw } = await signerOf({ refusesLegacy: () => false }).sign(
      { ...PERMITTED, fee: { ...eip1559, kind: 'legacy' } },
      RICH,
    );
    expect(Transaction.from(raw).type).toBe(0);
  });

  it('keeps MIN_BALANCE_ETHER', async () => {
    const cost = PERMITTED.gasLimit * eip1559.maxFeePerGas;
    const balance = cost + 10n ** 16n + 1000n;
    await signerOf().sign(PERMITTED, { balance, reserved: 1000n, nonce: null });
    await expect(signerOf().sign(PERMITTED, { balance, reserved: 1001n, nonce: null })).rejects.toThrow(
      /needs 0\.013\d+, of which MIN_BALANCE_ETHER keeps 0\.01$/,
    );
  });

  it('signs nothing beyond its limits, for any input', async () => {
    const to = fc.constantFrom(FACTORY, MANAGER, ADDRESS, FACTORY.toLowerCase(), null, `0x${'11'.repeat(20)}`);
    const data = fc.constantFrom(
      '0x',
      '0x12345678',
      '0x12345678ff',
      '0xabcdef01',
      '0xABCDEF0122',
      '0x60806040',
      '0x00',
    );
    const fee = fc.record({
      kind: fc.constantFrom<Fee['kind']>('eip1559', 'eip1559', 'legacy'),
      maxFeePerGas: wei(210n * GWEI),
      maxPriorityFeePerGas: wei(3n * GWEI),
    });
    const changes = fc.record(
      {
        chainId: fc.constantFrom(LIMITS.chainId, 1),
        nonce: fc.nat(),
        fee,
        gasLimit: wei(17_000_000n),
        to,
        value: fc.constantFrom(0n, 5n, 6n, 10n ** 18n),
        data,
      },
      { requiredKeys: [] },
    );
    const transaction = changes.map((changed): UnsignedTransaction => ({ ...PERMITTED, ...changed }));
    const anyFunds = fc.record({
      balance: wei(10n ** 18n),
      reserved: wei(10n ** 16n),
      nonce: fc.constantFrom(7, null),
    });
    const funds = fc.oneof(fc.constant(RICH), anyFunds);
    let signed = 0;
    await fc.assert(
      fc.asyncProperty(transaction, funds, async (unsigned, available) => {
        try {
          const { raw } = await signerOf().sign(unsigned, available);
          signed += 1;
          expectWithinLimits(raw, available);
        } catch (error) {
          if (!(error instanceof HoldError)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
    expect(signed).toBeGreaterThan(5);
  });

  describe('with a signer that cannot be trusted', () => {
    it.each([
      [
        'alters a field',
        async (asked: UnsignedTransaction) => await local.sign({ ...asked, nonce: 8 }),
        'another nonce',
      ],
      ['returns other bytes', async () => Buffer.from('00'), 'bytes that are not the transaction asked for'],
    ])('holds when it %s', async (_title, sign, sentence) => {
      const signed = behind(sign).sign(PERMITTED, RICH);
      await expect(signed).rejects.toMatchObject({ reason: 'signer_unavailable' });
      await expect(signed).rejects.toThrow(`kms:x: it returned`);
      await expect(signed).rejects.toThrow(sentence);
    });

    it('holds with its words, on one line, when it refuses', async () => {
      const signed = behind(async () => {
        throw new Error('ThrottlingException: slow down\n\u001B[31mplease');
      }).sign(PERMITTED, RICH);
      await expect(signed).rejects.toMatchObject({
        reason: 'signer_unavailable',
        message: 'kms:x: ThrottlingException: slow down [31mplease',
      });
    });

    it('holds when it does not answer, and ends its request', async () => {
      let aborted = false;
      const signed = behind(async (_asked, signal) => {
        signal.addEventListener('abort', () => {
          aborted = true;
        });
        return await new Promise<never>(() => undefined);
      }, 20).sign(PERMITTED, RICH);
      await expect(signed).rejects.toMatchObject({
        reason: 'signer_unavailable',
        message: 'kms:x: no answer within 0.02 s',
      });
      expect(aborted).toBe(true);
    });

    it('is asked for nothing that the policy does not permit', async () => {
      let asked = 0;
      const signer = behind(async (transaction) => {
        asked += 1;
        return await local.sign(transaction);
      });
      await expect(signer.sign({ ...PERMITTED, chainId: 1 }, RICH)).rejects.toMatchObject({
        reason: 'policy_violation',
      });
      expect(asked).toBe(0);
    });

    it('verifies its key by a transaction that no chain executes', async () => {
      const asked: UnsignedTransaction[] = [];
      await behind(async (transaction) => {
        asked.push(transaction);
        return await local.sign(transaction);
      }).verifyKey();
      expect(asked).toEqual([expect.objectContaining({ nonce: Number.MAX_SAFE_INTEGER, to: ADDRESS, value: 0n })]);
    });
  });
});
