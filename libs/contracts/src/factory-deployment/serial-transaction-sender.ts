import type { Fee, PolicySigner } from '#signing';
import { asHex, type JsonRpcRequest, getMember, createNodeClient } from './node-client.js';

const RECEIPT_TIMEOUT_MS = 180_000;
const RECEIPT_POLL_MS = 200;

/** Sends transactions of one account one at a time and waits until each is mined. */
export class SerialTransactionSender {
  constructor(
    private readonly request: JsonRpcRequest,
    private readonly signer: PolicySigner,
    private readonly feeKind: Fee['kind'],
  ) {}

  /**
   * @param to null to create a contract
   * @param value wei
   * @returns number of the block
   * @throws HoldError when the account cannot pay for it, or the policy does not permit it
   * @throws Error when it would fail, failed, or was not mined within three minutes
   */
  async send(to: string | null, data: string, value = 0n): Promise<number> {
    const call = { from: this.signer.address, ...(to === null ? {} : { to }), data, value: `0x${value.toString(16)}` };
    const gasLimit = BigInt(asHex(await this.request('eth_estimateGas', [call])));
    const transaction = {
      chainId: this.signer.chainId,
      nonce: Number(asHex(await this.request('eth_getTransactionCount', [call.from, 'pending']))),
      fee: await this.fee(),
      gasLimit: gasLimit + gasLimit / 10n,
      to,
      value,
      data,
    };
    const balance = await createNodeClient(this.request).balance(call.from);
    const { raw } = await this.signer.sign(transaction, { balance, reserved: 0n, nonce: null });
    return await this.sendRaw(raw);
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

  private async fee(): Promise<Fee> {
    const gasPrice = BigInt(asHex(await this.request('eth_gasPrice', [])));
    const legacy: Fee = { kind: 'legacy', maxFeePerGas: gasPrice, maxPriorityFeePerGas: gasPrice };
    if (this.feeKind === 'legacy') return legacy;
    const baseFee = getMember(await this.request('eth_getBlockByNumber', ['latest', false]), 'baseFeePerGas');
    if (typeof baseFee !== 'string') return legacy;
    // The node's gas price is base fee plus tip. Twice the base fee covers five full blocks in a row.
    const tip = gasPrice > BigInt(baseFee) ? gasPrice - BigInt(baseFee) : 1n;
    return { kind: 'eip1559', maxPriorityFeePerGas: tip, maxFeePerGas: 2n * BigInt(baseFee) + tip };
  }
}
