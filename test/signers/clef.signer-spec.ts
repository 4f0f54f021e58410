import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Transaction, Wallet } from 'ethers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SignerSource } from '#config';
import type { UnsignedTransaction } from '#signing';
import { CLEF_PASSWORD, ClefProcess } from './clef-process.js';
import { CHAIN_ID, deployOneToken, openPolicySigner, transactionOf } from './signer-scenario.js';

const PRIVATE_KEY = `0x${'5a'.repeat(32)}`;
const { address: ADDRESS } = new Wallet(PRIVATE_KEY);
const ACCOUNT = { balance: 10n ** 20n, reserved: 0n, nonce: 7 };

describe("geth's clef", () => {
  let clef: ClefProcess;
  beforeAll(async () => {
    clef = await ClefProcess.start(CHAIN_ID, [PRIVATE_KEY]);
  });
  afterEach(() => {
    clef.decide = (transaction) => transaction;
  });
  afterAll(async () => {
    await clef.stop();
  });

  const source = (endpoint: string): SignerSource => {
    return { kind: 'clef', name: 'clef:x', endpoint, address: ADDRESS.toLowerCase() };
  };
  const sign = async (changes: Partial<UnsignedTransaction> = {}, timeoutMs = 10_000): Promise<Transaction> => {
    const signer = await openPolicySigner(source(clef.url), timeoutMs);
    return Transaction.from((await signer.sign(transactionOf(7, changes), ACCOUNT)).raw);
  };

  it.each([
    ['HTTP', () => clef.url],
    ['its socket', () => clef.socket],
  ])('signs over %s', async (_title, endpoint) => {
    const signer = await openPolicySigner(source(endpoint()));
    await signer.verifyKey();
    const { raw } = await signer.sign(transactionOf(7), ACCOUNT);
    expect(Transaction.from(raw)).toMatchObject({ from: ADDRESS, nonce: 7, data: '0x12345678' });
  });

  it('signs a large transaction over its socket', async () => {
    const data = `0x12345678${'ab'.repeat(50_000)}`;
    const signer = await openPolicySigner(source(clef.socket));
    const { raw } = await signer.sign(transactionOf(7, { data }), ACCOUNT);
    expect(Transaction.from(raw).data).toBe(data);
  });

  it('signs legacy transactions', async () => {
    expect(await sign({ fee: { kind: 'legacy', maxFeePerGas: 5n, maxPriorityFeePerGas: 5n } })).toMatchObject({
      type: 0,
      from: ADDRESS,
      gasPrice: 5n,
    });
  });

  it.each([
    ['nonce', { nonce: '0x8' }],
    ['maxFeePerGas', { maxFeePerGas: '0x5' }],
    ['to', { to: ADDRESS }],
    ['value', { value: '0x1' }],
  ])('is refused when its user alters %s', async (field, changes) => {
    clef.decide = (transaction) => ({ ...transaction, ...changes });
    await expect(sign()).rejects.toMatchObject({
      reason: 'signer_unavailable',
      message: `clef:x: it returned a transaction with another ${field} than asked for`,
    });
  });

  it('is unavailable when its user refuses', async () => {
    clef.decide = () => null;
    await expect(sign()).rejects.toMatchObject({
      reason: 'signer_unavailable',
      message: expect.stringContaining('request denied') as string,
    });
  });

  it('is unavailable when it has no such account', async () => {
    const stranger = { ...source(clef.url), address: `0x${'11'.repeat(20)}` } as SignerSource;
    const signer = await openPolicySigner(stranger);
    await expect(signer.verifyKey()).rejects.toMatchObject({ reason: 'signer_unavailable' });
  });

  it("decrypts a keystore of geth's", async () => {
    const path = await clef.createAccount();
    const passwordFile = join(clef.folder, 'password');
    await writeFile(passwordFile, `${CLEF_PASSWORD}\n`);
    const { address } = await openPolicySigner({ kind: 'keystore', name: 'keystore:x', path, passwordFile });
    expect(path.toLowerCase()).toContain(address.slice(2).toLowerCase());
  });

  it('deploys one token', async () => {
    const uri = `clef:${clef.url}?address=${ADDRESS}`;
    expect(await deployOneToken(ADDRESS, { DEPLOYER_SIGNERS: uri })).toEqual({ senders: [ADDRESS], tokens: 1 });
  });
});
