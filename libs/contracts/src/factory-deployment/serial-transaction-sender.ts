import { type BaseWallet, formatEther, Transaction } from 'ethers';
import { asHex, type JsonRpcRequest, getMember, createNodeClient } from './node-client.js';

const RECEIPT_TIMEOUT_MS = 180_000;
const RECEIPT_POLL_MS = 200;

/** Sends transactions of one account one at a time and waits until each is mined. */
export class SerialTransactionSender {
  constructor(
    private readonly request: JsonRpcRequest,
    private readonly signer: BaseWallet,
  ) {}

  /**
   * @param to null to create a contract
   * @param value wei
   * @returns number of the block
   * @throws Error when the account cannot pay for it, it would fail, failed, or was not mined within three minutes
   */
  async send(to: string | null, data: string, value = 0n): Promise<number> {
    const call = { from: this.signer.address, ...(to === null ? {} : { to }), data, value: `0x${value.toString(16)}` };
    const gasLimit = BigInt(asHex(await this.request('eth_estimateGas', [call])));
    const transaction = Transaction.from({
      to,
      data,
      value,
      gasLimit: gasLimit + gasLimit / 10n,
      nonce: Number(asHex(await this.request('eth_getTransactionCount', [call.from, 'pending']))),
      chainId: BigInt(asHex(await this.request('eth_chainId', []))),
      ...(await this.fees()),
    });
    await this.requireFunds(value + transaction.gasLimit * (transaction.maxFeePerGas ?? transaction.gasPrice ?? 0n));
    return await this.sendRaw(await this.signer.signTransaction(transaction));
  }

  /** @returns number of the block */
  async sendRaw(raw: string): Promise<number> {
    return await this.waitMined(asHex(await this.request('eth_sendRawTransaction', [raw])));
  }

  /** @returns number of the block */
  async waitMined(hash: string): Promise<number> {
    const deadline = performance.now() + RECEIPT_TIMEOUT_MS;
    for (;;) {
      const receipt = await this.request('eth_getTransactionReceipt', [hash]);
      if (receipt !== null) {
        if (getMember(receipt, 'status') === '0x1') return Number(asHex(getMember(receipt, 'blockNumber')));
        throw new Error(`transaction ${hash} failed on chain`);
      }
      if (performance.now() > deadline) throw new Error(`transaction ${hash} was not mined within three minutes`);
      await new Promise((resolve) => {
        setTimeout(resolve, RECEIPT_POLL_MS);
      });
    }
  }

  private async requireFunds(cost: bigint): Promise<void> {
    const { address } = this.signer;
    const balance = await createNodeClient(this.request).balance(address);
    if (balance >= cost) return;
    throw new Error(`the account ${address} has ${formatEther(balance)} ether; it needs up to ${formatEther(cost)}`);
  }

  private async fees(): Promise<object> {
    const gasPrice = BigInt(asHex(await this.request('eth_gasPrice', [])));
    const baseFee = getMember(await this.request('eth_getBlockByNumber', ['latest', false]), 'baseFeePerGas');
    if (typeof baseFee !== 'string') return { type: 0, gasPrice };
    // The node's gas price is base fee plus tip. Twice the base fee covers five full blocks in a row.
    const tip = gasPrice > BigInt(baseFee) ? gasPrice - BigInt(baseFee) : 1n;
    return { type: 2, maxPriorityFeePerGas: tip, maxFeePerGas: 2n * BigInt(baseFee) + tip };
  }
}
