import { HDNodeWallet, Mnemonic } from 'ethers';
import { describe, expect, it } from 'vitest';
import { isPublishedAccount } from './published-accounts.js';

const accountOf = (phrase: string, index: number): string =>
  HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(phrase), `m/44'/60'/0'/0/${index}`).address;

describe('isPublishedAccount', () => {
  it.each([
    ['anvil and Hardhat', 'test test test test test test test test test test test junk', 20],
    ['Ganache', 'myth like bonus scare over problem client lizard pioneer submit female collect', 10],
  ])('knows the accounts of %s, and no further ones', (_tool, phrase, count) => {
    const accounts = Array.from({ length: count + 1 }, (_, index) => accountOf(phrase, index));
    expect(accounts.filter((account) => isPublishedAccount(account))).toEqual(accounts.slice(0, count));
  });
});
