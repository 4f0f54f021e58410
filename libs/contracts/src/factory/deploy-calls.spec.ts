import { getAddress, ZeroAddress } from 'ethers';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factoryInterface } from '../artifacts.js';
import {
  decodeDeployBatchResult,
  decodeDeployResult,
  encodeDeploy,
  encodeDeployBatch,
  type TokenDeployment,
} from './deploy-calls.js';

const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => {
  return getAddress(`0x${Buffer.from(bytes).toString('hex')}`);
});
/** Around the lengths where a string needs another word. */
const text = fc.string({ unit: 'binary', maxLength: 70 });
const value = fc.bigInt({ min: -(2n ** 255n), max: 2n ** 255n - 1n });
const deployment: fc.Arbitrary<TokenDeployment> = fc.record({
  record: fc.record({
    modelId: text,
    tokenSymbol: text,
    metricName: text,
    baselineValue: value,
    currentValue: value,
    contributor: fc.option(address),
  }),
  mlflowRunId: fc.option(text),
});
const outcome = fc.record({
  tokenAddress: address,
  status: fc.constantFrom('created' as const, 'existing' as const, 'conflict' as const),
});

const STATUS = { created: 0, existing: 1, conflict: 2 };

const word = (number: number): string => number.toString(16).padStart(64, '0');

/** The same through ethers' own coder. */
function argumentsOf({ record, mlflowRunId }: TokenDeployment): readonly unknown[] {
  const { modelId, tokenSymbol, metricName, baselineValue, currentValue, contributor } = record;
  return [modelId, tokenSymbol, metricName, baselineValue, currentValue, contributor ?? ZeroAddress, mlflowRunId ?? ''];
}

describe('encodeDeploy', () => {
  it('encodes one deployment as ethers does', () => {
    fc.assert(
      fc.property(deployment, (one) => {
        expect(encodeDeploy(one)).toBe(factoryInterface.encodeFunctionData('deploy', [argumentsOf(one)]));
      }),
    );
  });

  it('encodes many deployments as ethers does', () => {
    fc.assert(
      fc.property(fc.array(deployment, { maxLength: 5 }), (many) => {
        const expected = factoryInterface.encodeFunctionData('deployBatch', [many.map(argumentsOf)]);
        expect(encodeDeployBatch(many)).toBe(expected);
      }),
    );
  });

  const sound: TokenDeployment = {
    record: {
      modelId: 'model',
      tokenSymbol: 'MSG',
      metricName: 'accuracy',
      baselineValue: 1n,
      currentValue: 2n,
      contributor: null,
    },
    mlflowRunId: null,
  };

  it.each([
    ['a value that would turn negative', { currentValue: 2n ** 255n }, '256-bit integer'],
    ['a negative value of more than 256 bits', { baselineValue: -(2n ** 255n) - 1n }, '256-bit integer'],
    ['half a surrogate pair, which would become another text', { modelId: 'model-\ud800' }, 'no Unicode text'],
    ['an address of another length', { contributor: '0x1234' }, 'no address'],
  ])('rejects %s', (_, change, error) => {
    expect(() => encodeDeploy({ ...sound, record: { ...sound.record, ...change } })).toThrow(error);
  });
});

describe('decodeDeployResult', () => {
  it('decodes what ethers encodes for one result', () => {
    fc.assert(
      fc.property(outcome, (one) => {
        const data = factoryInterface.encodeFunctionResult('deploy', [one.tokenAddress, STATUS[one.status]]);
        expect(decodeDeployResult(data)).toEqual(one);
      }),
    );
  });

  it('decodes what ethers encodes for many results', () => {
    fc.assert(
      fc.property(fc.array(outcome, { maxLength: 5 }), (many) => {
        const answer = many.map(({ tokenAddress, status }) => [tokenAddress, STATUS[status]]);
        const data = factoryInterface.encodeFunctionResult('deployBatch', [answer]);
        expect(decodeDeployBatchResult(data)).toEqual(many);
      }),
    );
  });

  it.each([
    ['nothing', '0x'],
    ['half a word', '0x1234'],
    ['one word', `0x${word(1)}`],
    ['an unknown status', `0x${word(1)}${word(3)}`],
    ['too many words', `0x${word(1)}${word(0)}${word(1)}${word(0)}`],
  ])('rejects a single result that is %s', (_, data) => {
    expect(() => decodeDeployResult(data)).toThrow(TypeError);
  });

  it.each([
    ['nothing', '0x'],
    ['fewer than announced', `0x${word(32)}${word(2)}${word(1)}${word(0)}`],
    ['more than announced', `0x${word(32)}${word(0)}${word(1)}${word(0)}`],
    ['not where they belong', `0x${word(64)}${word(1)}${word(1)}${word(0)}`],
  ])('rejects many results that are %s', (_, data) => {
    expect(() => decodeDeployBatchResult(data)).toThrow(TypeError);
  });
});
