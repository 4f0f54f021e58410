import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { TokenManagerConfig } from '#config';
import { checksumAddress, decodeContractRevert, encodeTokenManagerDeployment } from '#contracts';
import { StartupError } from '#core';
import type { CallRequest, ChainReader } from '../../rpc/chain-reader.js';
import { RpcError } from '../../rpc/rpc.errors.js';
import { classifySendError } from '../../rpc/pool/send-result.js';
import { isRevert, describeUnknownRevert } from '../reverts.js';
import type { ContractInterfaceCheck } from './contract-interface-check.js';
import type { FinalStateCheck } from './final-state-check.js';
import { toTokenManagerDeployment } from './deployment-terms.js';
import type { RegistryOwner } from './registry-owner.js';
import type { TermsCheck } from './terms-check.js';

/** Verifies manager, registry and deployment terms before the first transaction. */
export class TokenManagerStartupChecks {
  private readonly logger = new Logger(TokenManagerStartupChecks.name);

  constructor(
    private readonly reader: ChainReader,
    private readonly interfaceCheck: ContractInterfaceCheck,
    private readonly finalStateCheck: FinalStateCheck,
    private readonly owner: RegistryOwner,
    private readonly terms: TermsCheck,
    private readonly config: TokenManagerConfig,
  ) {}

  /** @throws StartupError when a check fails; RpcError or RpcUnavailableError when the node fails */
  async run(signers: readonly string[]): Promise<void> {
    this.requireChecksums();
    const modelId = randomModelId();
    const { owner, fee } = await this.interfaceCheck.run(modelId);
    await this.finalStateCheck.run();
    const request = { record: { modelId, tokenSymbol: 'TRIAL' }, supplierRecipient: null };
    const data = encodeTokenManagerDeployment(toTokenManagerDeployment(request, this.config));
    const calls = signers.map((from) => ({ from, to: this.config.managerAddress, data, value: fee }));
    for (const call of calls) await this.requireDeployable(call);
    const terms = calls[0] ? await this.terms.simulate(calls[0], request) : 'not simulated';
    const registers =
      signers.includes(owner) || this.owner.isOwnSigner(owner) ? 'this service' : 'the owner of the registry';
    this.logger.log({
      event: 'startup.token_manager_checked',
      message: 'TokenManager checked',
      registry_owner: owner,
      registers,
      deployment_fee_wei: `${fee}`,
      terms,
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

  /** Simulates a deployment: a revert now would fail every message. Insufficient funds become a hold later. */
  private async requireDeployable(call: Required<CallRequest>): Promise<void> {
    try {
      await this.reader.call(call);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      if (isRevert(error)) throw deploymentRejected(call.from, error);
      if (classifySendError(error.message) !== 'insufficient-funds') throw error;
    }
  }
}

/**
 * Returns a random model id. A fixed one could be deployed by another account, and its revert would prove nothing. The
 * token name stays within 31 bytes, the limit of OpenZeppelin's short strings.
 */
function randomModelId(): string {
  return String(BigInt(`0x01${randomBytes(8).toString('hex')}`));
}

function deploymentRejected(signer: string, error: RpcError): StartupError {
  const revert = error.data === null ? null : decodeContractRevert(error.data);
  const text = revert?.text ?? describeUnknownRevert(error.data);
  return new StartupError(`the TokenManager rejects a deployment by ${signer}: ${text}`, { cause: error });
}

/** Accepts an address in one case, which has no EIP-55 checksum. */
function requireChecksum(variable: string, address: string): void {
  const digits = address.slice(2);
  if (digits === digits.toLowerCase() || digits === digits.toUpperCase() || checksumAddress(address)) return;
  throw new StartupError(`${variable}: the address ${address} has a wrong checksum`);
}
