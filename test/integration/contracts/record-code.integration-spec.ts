import {
  decodeDeployBatchResult,
  decodeRecordOf,
  encodeDeployBatch,
  encodeRecordOf,
  type TokenDeployment,
} from '#contracts';
import type { DeploymentRecord } from '#core';
import { getAddress, toBeHex, toUtf8Bytes } from 'ethers';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContractsFixture, deploymentOf } from './contracts.fixture.js';

const MIN = -(2n ** 255n);
const MAX = 2n ** 255n - 1n;

/** Around every change of width, of sign and of the powers of ten that are divided out. */
const EDGES = [0n, 1n, 127n, 128n, 129n, 255n, 256n, 32_767n, 32_768n, 2n ** 247n - 1n, 2n ** 247n, 2n ** 247n + 1n]
  .concat([10n ** 18n, 85n * 10n ** 16n, 10n ** 31n, 10n ** 32n, 10n ** 76n, 5n * 10n ** 76n, MAX - 1n, MAX])
  .flatMap((value) => [value, -value])
  .concat([MIN]);

interface RoundTrip {
  readonly own: readonly DeploymentRecord[];
  readonly read: readonly DeploymentRecord[];
  readonly recognised: boolean;
}

/** Strings of up to so many bytes, from the whole of Unicode. */
const text = (bytes: number, minLength = 0): fc.Arbitrary<string> =>
  fc
    .string({ unit: 'binary', minLength, maxLength: bytes, size: 'max' })
    .filter((one) => toUtf8Bytes(one).length <= bytes);

describe('the packed record', () => {
  let chain: ContractsFixture;
  let series = 0;

  beforeAll(async () => {
    chain = await ContractsFixture.start();
  });

  afterAll(() => chain.anvil.stop());

  /** Deploys all under model ids of their own, deploys them again in a simulation, and reads them back. */
  const roundTrip = async (records: readonly DeploymentRecord[]): Promise<RoundTrip> => {
    series += 1;
    const own = records.map((record, index) => ({ ...record, modelId: `${series}/${index}/${record.modelId}` }));
    const batch = encodeDeployBatch(own.map((record): TokenDeployment => ({ record, mlflowRunId: null })));
    await chain.succeed(chain.deployer, chain.factory.factoryAddress, batch);
    const again = decodeDeployBatchResult(await chain.call(chain.factory.factoryAddress, batch));
    const read: DeploymentRecord[] = [];
    for (const { modelId } of own) {
      const answer = await chain.call(chain.factory.factoryAddress, encodeRecordOf(chain.tokenOf(modelId)));
      read.push(decodeRecordOf(answer));
    }
    return { own, read, recognised: again.every(({ status }) => status === 'existing') };
  };

  it.each(['baselineValue', 'currentValue'] as const)('keeps the edges of %s', async (field) => {
    const { own, read, recognised } = await roundTrip(
      EDGES.map((value) => deploymentOf({ modelId: 'edge', [field]: value }).record),
    );
    expect(read).toEqual(own);
    expect(recognised).toBe(true);
  });

  it('keeps pairs of edges', async () => {
    const pairs = EDGES.map((value, index) => ({ baselineValue: value, currentValue: EDGES.at(-index - 1) ?? 0n }));
    const { own, read, recognised } = await roundTrip(
      pairs.map((pair) => deploymentOf({ modelId: 'pair', contributor: null, ...pair }).record),
    );
    expect(read).toEqual(own);
    expect(recognised).toBe(true);
  });

  it('keeps strings of every length up to the limit', async () => {
    const lengths = [1, 2, 11, 30, 31, 32, 33, 63, 64, 65, 127, 128, 240];
    const long = 's'.repeat(255);
    const { own, read, recognised } = await roundTrip([
      ...lengths.map((length) => deploymentOf({ modelId: 'm'.repeat(length) }).record),
      ...lengths.map((length) => deploymentOf({ modelId: 'm', tokenSymbol: 's'.repeat(length) }).record),
      ...lengths.map((length) => deploymentOf({ modelId: 'm', metricName: 'n'.repeat(length) }).record),
      deploymentOf({ modelId: 'm', metricName: '' }).record,
      deploymentOf({
        modelId: 'm'.repeat(240),
        tokenSymbol: long,
        metricName: long,
        baselineValue: MIN,
        currentValue: MAX,
      }).record,
    ]);
    expect(read).toEqual(own);
    expect(recognised).toBe(true);
  });

  it('keeps any record', async () => {
    const value = fc.oneof(
      fc.bigInt({ min: MIN, max: MAX }),
      fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
      fc
        .tuple(fc.bigInt({ min: -999n, max: 999n }), fc.nat(70))
        .map(([digits, zeros]) => digits * 10n ** BigInt(zeros)),
    );
    const address = fc.bigInt({ min: 1n, max: 2n ** 160n - 1n }).map((one) => getAddress(toBeHex(one, 20)));
    const record = fc.record<DeploymentRecord>({
      modelId: text(200),
      tokenSymbol: text(255, 1),
      metricName: text(255),
      baselineValue: value,
      currentValue: value,
      contributor: fc.option(address),
    });
    const records = fc.array(record, { minLength: 20, maxLength: 40 });
    const property = fc.asyncProperty(records, async (generated) => {
      const { own, read, recognised } = await roundTrip(generated);
      expect(read).toEqual(own);
      expect(recognised).toBe(true);
    });
    await fc.assert(property, { numRuns: 4 });
  });
});
