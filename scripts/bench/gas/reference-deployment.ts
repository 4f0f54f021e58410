import type { TokenDeployment } from '#contracts';
import { modelId } from '../messages.js';

/** The record that gas figures are stated for, of a model of its own: model id 23 bytes, symbol 7, metric 8, run id 32. */
export function referenceDeployment(prefix: string, n: number): TokenDeployment {
  return {
    record: {
      modelId: modelId(prefix, n),
      tokenSymbol: 'MSGSALE',
      metricName: 'accuracy',
      baselineValue: 812_300_000_000_000_000n,
      currentValue: 874_100_000_000_000_000n,
      contributor: '0x90F79bf6EB2c4f870365E785982E1f101E93b906',
    },
    mlflowRunId: '0123456789abcdef0123456789abcdef',
  };
}
