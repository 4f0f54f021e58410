import {
  type FactoryDeploymentResult,
  deployFactory,
  encodeDeploy,
  factoryInterface,
  predictTokenAddress,
  tokenInterface,
  type TokenDeployment,
} from '#contracts';
import type { DeploymentRecord } from '#core';
import { type Interface, type Result, Transaction, Wallet } from 'ethers';
import { ANVIL_ACCOUNTS, Anvil } from '../../support/chain/anvil.js';
import { signerCreator } from '../../support/chain/test-signer.js';
import { until } from '../../support/until.js';

const [admin, deployer, stranger] = ANVIL_ACCOUNTS;

/** The record that the gas bounds are stated for: model id 23 bytes, symbol 7, metric 8, run id 32, contributor set. */
export const REFERENCE: TokenDeployment = {
  record: {
    modelId: 'msg-ai-sales-conversion',
    tokenSymbol: 'MSGSALE',
    metricName: 'accuracy',
    baselineValue: 812_300_000_000_000_000n,
    currentValue: 874_100_000_000_000_000n,
    contributor: '0x90F79bf6EB2c4f870365E785982E1f101E93b906',
  },
  mlflowRunId: '0123456789abcdef0123456789abcdef',
};

/** The reference deployment with a record of another model. */
export function deploymentOf(changes: Partial<DeploymentRecord>, mlflowRunId = REFERENCE.mlflowRunId): TokenDeployment {
  return { record: { ...REFERENCE.record, ...changes }, mlflowRunId };
}

export interface Receipt {
  readonly status: string;
  readonly gasUsed: string;
  readonly logs: { readonly address: string; readonly topics: string[]; readonly data: string }[];
}

/** A deployment of the reference record for a model of its own. */
export function deploymentFor(modelId: string): TokenDeployment {
  return deploymentOf({ modelId });
}

/** A node with the factory on it, and what tests do with them. */
export class ContractsFixture {
  readonly admin = new Wallet(admin.privateKey);
  readonly deployer = new Wallet(deployer.privateKey);
  readonly stranger = new Wallet(stranger.privateKey);

  private constructor(
    readonly anvil: Anvil,
    readonly factory: FactoryDeploymentResult,
  ) {}

  static async start(args: readonly string[] = []): Promise<ContractsFixture> {
    const anvil = await Anvil.start(args);
    const factory = await deployFactory({
      request: anvil.request,
      createSigner: signerCreator(admin.privateKey),
      admin: admin.address,
      grants: [{ role: 'DEPLOYER_ROLE', account: deployer.address }],
    });
    return new ContractsFixture(anvil, factory);
  }

  /** Signs, sends and waits; the receipt may be of a failed transaction. */
  async send(from: Wallet, to: string, data: string, gasLimit = 16_000_000n, value = 0n): Promise<Receipt> {
    const nonce = Number(await this.anvil.request('eth_getTransactionCount', [from.address, 'pending']));
    const transaction = Transaction.from({
      to,
      data,
      nonce,
      value,
      gasLimit,
      chainId: 31337,
      type: 2,
      maxFeePerGas: 20_000_000_000n,
      maxPriorityFeePerGas: 0n,
    });
    const hash = await this.anvil.request('eth_sendRawTransaction', [await from.signTransaction(transaction)]);
    return await until(
      'the receipt',
      async () => (await this.anvil.request('eth_getTransactionReceipt', [hash])) as Receipt | null,
    );
  }

  /** A transaction that must not fail. */
  async succeed(from: Wallet, to: string, data: string): Promise<void> {
    const { status } = await this.send(from, to, data);
    if (status !== '0x1') throw new Error('the transaction failed');
  }

  async deploy(deployment: TokenDeployment): Promise<string> {
    await this.succeed(this.deployer, this.factory.factoryAddress, encodeDeploy(deployment));
    return this.tokenOf(deployment.record.modelId);
  }

  async sendToFactory(from: Wallet, data: string, gasLimit?: bigint): Promise<Receipt> {
    return await this.send(from, this.factory.factoryAddress, data, gasLimit);
  }

  /** Return data of a call; for a revert the error carries its data as `data`. */
  async call(to: string, data: string, from = this.deployer.address): Promise<string> {
    return (await this.anvil.request('eth_call', [{ from, to, data }, 'latest'])) as string;
  }

  /** Data of the revert of a call. */
  async revertOf(to: string, data: string, from?: string): Promise<string> {
    return await this.call(to, data, from).then(
      () => Promise.reject(new Error('the call did not revert')),
      (error: { data: string }) => error.data,
    );
  }

  async read(contract: Interface, address: string, name: string, args: readonly unknown[] = []): Promise<Result> {
    const answer = await this.call(address, contract.encodeFunctionData(name, [...args]));
    return contract.decodeFunctionResult(name, answer);
  }

  async readToken(address: string, name: string, args?: readonly unknown[]): Promise<unknown> {
    return (await this.read(tokenInterface, address, name, args))[0];
  }

  async readFactory(name: string, args?: readonly unknown[]): Promise<unknown> {
    return (await this.read(factoryInterface, this.factory.factoryAddress, name, args))[0];
  }

  async code(address: string): Promise<string> {
    return (await this.anvil.request('eth_getCode', [address, 'latest'])) as string;
  }

  /** The address that the model's token has or will have. */
  tokenOf(modelId: string): string {
    return predictTokenAddress(this.factory.factoryAddress, modelId);
  }
}
