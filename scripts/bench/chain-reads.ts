import type { Anvil } from '../../test/support/anvil.js';

export interface MinedTransaction {
  readonly from: string;
  readonly to: string;
  readonly input: string;
  readonly gasLimit: number;
  readonly gasUsed: number;
}

export interface MinedBlock {
  readonly number: number;
  readonly gasUsed: number;
  readonly gasLimit: number;
  readonly transactions: readonly MinedTransaction[];
}

export async function blockNumber(anvil: Anvil): Promise<number> {
  return quantity(await anvil.request('eth_blockNumber'));
}

/** The blocks after `first` up to the newest. */
export async function blocksAfter(anvil: Anvil, first: number): Promise<readonly MinedBlock[]> {
  const blocks: MinedBlock[] = [];
  for (let number = first + 1; number <= (await blockNumber(anvil)); number += 1) {
    const tag = `0x${number.toString(16)}`;
    const block = await anvil.request('eth_getBlockByNumber', [tag, true]);
    const transactions = list(member(block, 'transactions'));
    const receipts = list(await anvil.request('eth_getBlockReceipts', [tag]));
    blocks.push({
      number,
      gasUsed: quantity(member(block, 'gasUsed')),
      gasLimit: quantity(member(block, 'gasLimit')),
      transactions: transactions.map((transaction, index) => transactionOf(transaction, receipts[index])),
    });
  }
  return blocks;
}

function transactionOf(transaction: unknown, receipt: unknown): MinedTransaction {
  const text = (name: string): string => String(member(transaction, name)).toLowerCase();
  return {
    from: text('from'),
    to: text('to'),
    input: text('input'),
    gasLimit: quantity(member(transaction, 'gas')),
    gasUsed: quantity(member(receipt, 'gasUsed')),
  };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** @throws Error when the node did not answer with a number in hex */
export function quantity(value: unknown): number {
  if (typeof value !== 'string' || !value.startsWith('0x')) throw new Error('the node answered no quantity');
  return Number(value);
}

/** A member of a JSON object; undefined of anything else. */
export function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(name) : undefined;
}
