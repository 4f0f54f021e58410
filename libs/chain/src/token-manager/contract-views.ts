import type { TokenManagerConfig } from '#config';
import {
  decodeHasToken,
  decodeIsRegistered,
  decodeManagerRegistry,
  decodeRegisteredToken,
  decodeTokenAddress,
  encodeHasToken,
  encodeIsRegistered,
  encodeManagerRegistry,
  encodeRegisteredToken,
  encodeTokenAddress,
} from '#contracts';
import { BootRefused } from '#core';
import type { ChainReader } from '../rpc/chain-reader.js';
import { refusalOf } from '../rpc/refusals.js';
import { RpcError, RpcUnavailable } from '../rpc/rpc-errors.js';
import type { Deploying } from './deploying.js';
import { asAddress } from './managed-terms.js';
import type { RegistryOwner } from './registry-owner.js';

/** A contract of the configuration, and what it has to be. */
interface ConfiguredContract {
  readonly variable: string;
  readonly address: string;
  readonly kind: 'TokenManager' | 'ModelRegistry';
}

/** What the two contracts are asked while the service runs, asked once before: each has to answer as its kind does. */
export class ContractViews {
  private readonly manager: ConfiguredContract;
  private readonly registry: ConfiguredContract;

  constructor(
    private readonly reader: ChainReader,
    private readonly deploying: Deploying,
    private readonly owner: RegistryOwner,
    { managerAddress, registryAddress }: TokenManagerConfig,
  ) {
    this.manager = { variable: 'TOKEN_MANAGER_ADDRESS', address: managerAddress, kind: 'TokenManager' };
    this.registry = { variable: 'MODEL_REGISTRY_ADDRESS', address: registryAddress, kind: 'ModelRegistry' };
  }

  /**
   * @param modelId a model that neither contract knows
   * @returns the owner of the registry, EIP-55, and the manager's fee, wei
   * @throws BootRefused; RpcUnavailable
   */
  async require(modelId: string): Promise<{ readonly owner: string; readonly fee: bigint }> {
    const { manager, registry } = this;
    for (const contract of [manager, registry]) await this.requireCode(contract);
    await this.requireRegistryOfManager();
    await this.answer(manager, 'hasToken', encodeHasToken(modelId), decodeHasToken);
    await this.lookup(manager, 'getTokenAddress', encodeTokenAddress(modelId), decodeTokenAddress);
    await this.answer(registry, 'isRegistered', encodeIsRegistered(modelId), decodeIsRegistered);
    await this.lookup(registry, 'getToken', encodeRegisteredToken(modelId), decodeRegisteredToken);
    return {
      owner: await answered(registry, 'owner', () => this.owner.ask()),
      fee: await answered(manager, 'deploymentFee', () => this.deploying.fee()),
    };
  }

  private async requireCode({ variable, address }: ConfiguredContract): Promise<void> {
    if ((await this.reader.code(address)) === '0x')
      throw new BootRefused(`${variable}: there is no code at ${address}`);
  }

  private async requireRegistryOfManager(): Promise<void> {
    const { manager, registry } = this;
    const said = await this.answer(manager, 'registry', encodeManagerRegistry(), decodeManagerRegistry);
    if (said === asAddress(registry.address)) return;
    const problem = `the TokenManager ${manager.address} works with the registry ${said}, not with ${registry.address}`;
    throw new BootRefused(`${registry.variable}: ${problem}`);
  }

  private async answer<T>(
    contract: ConfiguredContract,
    view: string,
    data: string,
    decode: (returnData: string) => T,
  ): Promise<T> {
    const ask = async (): Promise<T> => decode(await this.reader.call({ to: contract.address, data }));
    return await answered(contract, view, ask);
  }

  /** A contract may refuse to look up what it does not know, with its reason: a function that it lacks has none to give. */
  private async lookup(
    contract: ConfiguredContract,
    view: string,
    data: string,
    decode: (returnData: string) => string | null,
  ): Promise<void> {
    await this.answer(contract, view, data, decode).catch((error: unknown) => {
      const reverted = error instanceof BootRefused && error.cause instanceof RpcError ? error.cause.data : null;
      if (reverted === null || reverted === '0x') throw error;
    });
  }
}

/** @throws BootRefused when the contract answers nothing that can be read; RpcError or RpcUnavailable when the node does not ask it */
async function answered<T>(
  { variable, address, kind }: ConfiguredContract,
  view: string,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RpcUnavailable || (error instanceof RpcError && refusalOf(error) !== 'none')) throw error;
    const refusal = `${variable}: the contract at ${address} does not answer ${view}() as a ${kind} does`;
    throw new BootRefused(refusal, { cause: error });
  }
}
