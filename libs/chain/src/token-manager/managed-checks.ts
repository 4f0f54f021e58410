import { Logger } from '@nestjs/common';
import type { TokenManagerConfig } from '#config';
import {
  checksumAddress,
  decodeManagerRegistry,
  decodeRefusal,
  encodeManagedDeployment,
  encodeManagerRegistry,
} from '#contracts';
import { BootRefused, type DeploymentRequest } from '#core';
import type { ChainReader } from '../rpc/chain-reader.js';
import { RpcError } from '../rpc/rpc-errors.js';
import type { Deploying } from './deploying.js';
import { asAddress, managedDeployment } from './managed-terms.js';
import type { RegistryOwner } from './registry-owner.js';

/** A deployment that is only simulated; no message can ask for this model id. */
const TRIAL: DeploymentRequest = {
  messageId: null,
  record: {
    modelId: '0',
    tokenSymbol: 'TRIAL',
    metricName: '-',
    baselineValue: 0n,
    currentValue: 0n,
    contributor: null,
  },
  modelName: null,
  modelVersion: null,
  mlflowRunId: null,
  improvementPercentage: null,
  supplierRecipient: null,
};

/** What must be true of manager and registry before the first transaction. */
export class ManagedChecks {
  private readonly logger = new Logger(ManagedChecks.name);

  constructor(
    private readonly reader: ChainReader,
    private readonly deploying: Deploying,
    private readonly owner: RegistryOwner,
    private readonly config: TokenManagerConfig,
  ) {}

  /** @throws BootRefused; RpcUnavailable */
  async run(signers: readonly string[]): Promise<void> {
    this.requireChecksums();
    await this.requireCode('TOKEN_MANAGER_ADDRESS', this.config.managerAddress);
    await this.requireCode('MODEL_REGISTRY_ADDRESS', this.config.registryAddress);
    await this.requireRegistryOfManager();
    this.owner.introduce(signers);
    const owner = await this.read('MODEL_REGISTRY_ADDRESS: it has no owner', () => this.owner.ask());
    const fee = await this.read('TOKEN_MANAGER_ADDRESS: it has no deployment fee', () => this.deploying.fee());
    for (const signer of signers) await this.requireTerms(signer, fee);
    const registers = this.owner.isOurs(owner) ? 'this service' : 'the owner of the registry';
    this.logger.log({
      message: 'TokenManager checked',
      registry_owner: owner,
      registers,
      deployment_fee_wei: `${fee}`,
    });
  }

  private requireChecksums(): void {
    const { config } = this;
    requireChecksum('TOKEN_MANAGER_ADDRESS', config.managerAddress);
    requireChecksum('MODEL_REGISTRY_ADDRESS', config.registryAddress);
    requireChecksum('MODEL_SUPPLIER_RECIPIENT', config.modelSupplierRecipient);
    requireChecksum('GOVERNOR_ADDRESS', config.governor);
    for (const address of config.formerDeployers ?? []) requireChecksum('FORMER_DEPLOYERS', address);
  }

  private async requireCode(variable: string, address: string): Promise<void> {
    if ((await this.reader.code(address)) === '0x')
      throw new BootRefused(`${variable}: there is no code at ${address}`);
  }

  /** A manager that keeps its registry to itself is taken at the operator's word. */
  private async requireRegistryOfManager(): Promise<void> {
    const { managerAddress: to, registryAddress } = this.config;
    const answer = await this.reader.call({ to, data: encodeManagerRegistry() }).catch((error: unknown) => {
      if (error instanceof RpcError) return '0x';
      throw error;
    });
    if (answer.length !== 66 || decodeManagerRegistry(answer) === asAddress(registryAddress)) return;
    const said = decodeManagerRegistry(answer);
    throw new BootRefused(`the TokenManager ${to} works with the registry ${said}, not with ${registryAddress}`);
  }

  private async read<T>(refusal: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof RpcError || isDecoding(error)) throw new BootRefused(refusal, { cause: error });
      throw error;
    }
  }

  /** Terms that the contracts refuse would fail every message. A sender who cannot pay the fee is held later, not here. */
  private async requireTerms(signer: string, fee: bigint): Promise<void> {
    const data = encodeManagedDeployment(managedDeployment(TRIAL, this.config));
    try {
      await this.reader.call({ from: signer, to: this.config.managerAddress, data, value: fee });
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      const refusal = error.data === null ? null : decodeRefusal(error.data);
      if (refusal?.kind !== 'other') return;
      throw new BootRefused(`the TokenManager refuses a deployment by ${signer}: ${refusal.text}`, { cause: error });
    }
  }
}

/** An address in one case has no checksum. (EIP-55) */
function requireChecksum(variable: string, address: string): void {
  const digits = address.slice(2);
  if (digits === digits.toLowerCase() || digits === digits.toUpperCase() || checksumAddress(address)) return;
  throw new BootRefused(`${variable}: the address ${address} has a wrong checksum`);
}

/** ethers could make nothing of the answer: the contract has no such function. */
function isDecoding(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'BAD_DATA';
}
