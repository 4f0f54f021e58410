import type { TokenManagerConfig } from '#config';
import {
  decodeHasToken,
  decodeIsRegistered,
  decodeDeploymentFee,
  decodeManagerRegistry,
  decodeRegisteredToken,
  decodeRegistryOwner,
  decodeTokenAddress,
  encodeDeploymentFee,
  encodeHasToken,
  encodeIsRegistered,
  encodeManagerRegistry,
  encodeRegisteredToken,
  encodeRegistryOwner,
  encodeTokenAddress,
} from '#contracts';
import { StartupError } from '#core';
import type { ChainReader } from '../../rpc/chain-reader.js';
import { classifyRpcError } from '../../rpc/transport/rpc-error-classifier.js';
import { RpcError, RpcUnavailableError } from '../../rpc/rpc.errors.js';
import type { DeployStep } from './deploy-step.js';
import { toChecksumAddress } from './deployment-terms.js';
import type { RegistryOwner } from './registry-owner.js';

/** A configured contract and the interface it must have. */
interface ConfiguredContract {
  readonly variable: string;
  readonly address: string;
  readonly kind: 'TokenManager' | 'ModelRegistry';
}

/** Calls every view of both contracts once, and verifies that each answers as its interface requires. */
export class ContractInterfaceCheck {
  private readonly manager: ConfiguredContract;
  private readonly registry: ConfiguredContract;

  constructor(
    private readonly reader: ChainReader,
    private readonly deployStep: DeployStep,
    private readonly owner: RegistryOwner,
    { managerAddress, registryAddress }: TokenManagerConfig,
  ) {
    this.manager = { variable: 'TOKEN_MANAGER_ADDRESS', address: managerAddress, kind: 'TokenManager' };
    this.registry = { variable: 'MODEL_REGISTRY_ADDRESS', address: registryAddress, kind: 'ModelRegistry' };
  }

  /**
   * @param modelId a model that neither contract knows
   * @returns the registry's owner, EIP-55, and the manager's fee in wei
   * @throws StartupError; RpcUnavailableError
   */
  async run(modelId: string): Promise<{ readonly owner: string; readonly fee: bigint }> {
    const { manager, registry } = this;
    for (const { variable, address } of [manager, registry]) {
      if ((await this.reader.code(address)) === '0x')
        throw new StartupError(`${variable}: there is no code at ${address}`);
    }
    await this.requireRegistryOfManager();
    await this.requireView(manager, 'hasToken', encodeHasToken(modelId), decodeHasToken);
    await this.requireLookup(manager, 'getTokenAddress', encodeTokenAddress(modelId), decodeTokenAddress);
    await this.requireView(registry, 'isRegistered', encodeIsRegistered(modelId), decodeIsRegistered);
    await this.requireLookup(registry, 'getToken', encodeRegisteredToken(modelId), decodeRegisteredToken);
    await this.requireView(registry, 'owner', encodeRegistryOwner(), decodeRegistryOwner);
    await this.requireView(manager, 'deploymentFee', encodeDeploymentFee(), decodeDeploymentFee);
    return { owner: await this.owner.fetch(), fee: await this.deployStep.fee() };
  }

  private async requireRegistryOfManager(): Promise<void> {
    const { manager, registry } = this;
    const said = await this.requireView(manager, 'registry', encodeManagerRegistry(), decodeManagerRegistry);
    if (said === toChecksumAddress(registry.address)) return;
    const problem = `the TokenManager ${manager.address} works with the registry ${said}, not with ${registry.address}`;
    throw new StartupError(`${registry.variable}: ${problem}`);
  }

  private async requireView<T>(
    contract: ConfiguredContract,
    view: string,
    data: string,
    decode: (returnData: string) => T,
  ): Promise<T> {
    const ask = async (): Promise<T> => decode(await this.reader.call({ to: contract.address, data }));
    return await requireAnswer(contract, view, ask);
  }

  /** Accepts a revert with data for an unknown model. A missing function reverts without data. */
  private async requireLookup(
    contract: ConfiguredContract,
    view: string,
    data: string,
    decode: (returnData: string) => string | null,
  ): Promise<void> {
    await this.requireView(contract, view, data, decode).catch((error: unknown) => {
      const reverted = error instanceof StartupError && error.cause instanceof RpcError ? error.cause.data : null;
      if (reverted === null || reverted === '0x') throw error;
    });
  }
}

/** @throws StartupError when the result cannot be decoded; RpcError or RpcUnavailableError when the node fails */
async function requireAnswer<T>(
  { variable, address, kind }: ConfiguredContract,
  view: string,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RpcUnavailableError || (error instanceof RpcError && classifyRpcError(error) !== 'none'))
      throw error;
    const problem = `${variable}: the contract at ${address} does not answer ${view}() as a ${kind} does`;
    throw new StartupError(problem, { cause: error });
  }
}
