import type { DeploymentRecord, DeploymentRequest } from '#core';
import { HashReader } from './hash-reader.js';

/** Encodes metrics as decimal text, because JSON has no bigint. */
export function encodeRequest(request: DeploymentRequest): string {
  const { baselineValue, currentValue, ...record } = request.record;
  return JSON.stringify({
    ...request,
    record: { ...record, baselineValue: baselineValue.toString(), currentValue: currentValue.toString() },
  });
}

export function decodeRequest(text: unknown): DeploymentRequest {
  const fields = HashReader.parse('request', text);
  return {
    messageId: fields.textOrNull('messageId'),
    record: decodeRecord(fields.object('record')),
    modelName: fields.textOrNull('modelName'),
    modelVersion: fields.textOrNull('modelVersion'),
    mlflowRunId: fields.textOrNull('mlflowRunId'),
    improvementPercentage: fields.numberOrNull('improvementPercentage'),
    supplierRecipient: fields.textOrNull('supplierRecipient'),
  };
}

function decodeRecord(fields: HashReader): DeploymentRecord {
  return {
    modelId: fields.text('modelId'),
    tokenSymbol: fields.text('tokenSymbol'),
    metricName: fields.text('metricName'),
    baselineValue: fields.bigint('baselineValue'),
    currentValue: fields.bigint('currentValue'),
    contributor: fields.textOrNull('contributor'),
  };
}
