import { Injectable } from '@nestjs/common';
import { Transaction } from 'ethers';
import { ChainConfig, FactoryConfig } from '#config';
import { decodeRecordOf, decodeTokenOf, encodeRecordOf, encodeTokenOf } from '#contracts';
import { type AccountNonces, type ChainDeployment, type ChainJob, type ChainToken, ChainWitness, Held } from '#core';
import { ChainReader } from '../rpc/chain-reader.js';
import { RpcError, RpcUnavailable } from '../rpc/rpc-errors.js';
import { FactoryHistory } from './factory-history.js';
import { FactoryTokenHistory } from './factory-token-history.js';
import { finalBlockOf } from './finality.js';

/** Tells what factory and node say, for whoever compares it with something else. */
@Injectable()
export class FactoryWitness extends ChainWitness {
  constructor(
    private readonly reader: ChainReader,
    private readonly history: FactoryHistory,
    private readonly tokensMade: FactoryTokenHistory,
    private readonly chain: ChainConfig,
    private readonly backend: FactoryConfig,
  ) {
    super();
  }

  override async head(): Promise<{ readonly latest: number; readonly final: number }> {
    return await asked(async () => {
      const newest = await this.reader.block('latest');
      if (!newest) throw new RpcUnavailable('the node has no newest block');
      return { latest: newest.number, final: await finalBlockOf(this.reader, this.chain.confirmations, newest.number) };
    });
  }

  override async *deployments(toBlock: number, fromBlock = 0): AsyncIterable<readonly ChainDeployment[]> {
    try {
      yield* this.history.deployments(toBlock, { fromBlock });
    } catch (error) {
      throw held(error);
    }
  }

  override async jobsOf(deployments: readonly ChainDeployment[]): Promise<readonly ChainJob[]> {
    return await asked(async () => await this.tokensMade.origins(deployments));
  }

  override async deploymentsOf(modelId: string, toBlock: number): Promise<readonly ChainDeployment[]> {
    const found: ChainDeployment[] = [];
    await asked(async () => {
      for await (const page of this.history.deployments(toBlock, { modelId })) found.push(...page);
    });
    return found;
  }

  override async tokens(modelIds: readonly string[]): Promise<readonly (ChainToken | null)[]> {
    return await asked(async () => {
      const addresses = (await this.ask(modelIds.map(encodeTokenOf))).map(decodeTokenOf);
      const standing = addresses.filter((address) => address !== null);
      const records = (await this.ask(standing.map(encodeRecordOf))).map(decodeRecordOf);
      const found = new Map(standing.map((address, index) => [address, records[index]]));
      return addresses.map((address) => {
        const record = address === null ? undefined : found.get(address);
        return address === null || record === undefined ? null : { address, record };
      });
    });
  }

  override async nonces(address: string, finalBlock: number): Promise<AccountNonces> {
    return await asked(async () => ({
      final: finalBlock < 0 ? null : await this.nonceAt(address, finalBlock),
      latest: await this.reader.nonce(address, 'latest'),
      pending: await this.reader.nonce(address, 'pending'),
    }));
  }

  override readSigned(raw: string) {
    try {
      const { hash, from, nonce, chainId } = Transaction.from(raw);
      return hash === null || from === null ? null : { hash, sender: from, nonce, chainId: Number(chainId) };
    } catch {
      // ethers has an error of its own for each way in which bytes can be wrong.
      return null;
    }
  }

  /** Null where the node has pruned that state. */
  private async nonceAt(address: string, block: number): Promise<number | null> {
    try {
      return await this.reader.nonce(address, block);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      return null;
    }
  }

  private async ask(calls: readonly string[]): Promise<readonly string[]> {
    const to = this.backend.factoryAddress;
    const answers = await this.reader.calls(calls.map((data) => ({ to, data })));
    return answers.map((answer) => {
      if (answer === null) throw new RpcUnavailable('the factory does not answer');
      return answer;
    });
  }
}

async function asked<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw held(error);
  }
}

function held(error: unknown): unknown {
  if (!(error instanceof RpcError) && !(error instanceof RpcUnavailable)) return error;
  return new Held('rpc_unavailable', `the chain cannot be asked: ${error.message}`, { cause: error });
}
