import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseMessage } from './index.js';
import { ANYONE } from './signatures/verify-signature.js';

const RULES = { maxMessageBytes: 262_144, minImprovementPercentage: 0 };

/**
 * What Python 3.11 with pydantic 2.14.3 and the models of the platform's integration guide wrote, byte for byte, from
 * one model whose baseline is 0.1 + 0.2.
 */
const ENVELOPES: readonly (readonly [writer: string, text: string])[] = [
  [
    'model_dump_json',
    '{"message_id":"9b2f0a4e-6f0d-4a55-9f41-1f6a2c9a7d11","message_type":"model_ready_to_deploy","payload":{"model_id":"credit-scorer-21/α β","token_symbol":"msg-ai","metric_name":"accuracy","baseline_value":0.30000000000000004,"current_value":0.8534,"model_name":"Credit scorer","model_version":"7","mlflow_run_id":"0f3c5b0e9d7a4c1e8a2b6d4f0e1c3a5b","improvement_percentage":184.46666666666664,"contributor_address":"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed","experiment_name":"exp","tags":{"team":"risk"},"timestamp":"2024-01-15T10:30:00.123456","message_version":"1.0"},"timestamp":"2024-01-15T10:30:01","retry_count":0,"max_retries":3}',
  ],
  [
    'json.dumps of model_dump(mode="json")',
    String.raw`{"message_id": "9b2f0a4e-6f0d-4a55-9f41-1f6a2c9a7d11", "message_type": "model_ready_to_deploy", "payload": {"model_id": "credit-scorer-21/\u03b1 \u03b2", "token_symbol": "msg-ai", "metric_name": "accuracy", "baseline_value": 0.30000000000000004, "current_value": 0.8534, "model_name": "Credit scorer", "model_version": "7", "mlflow_run_id": "0f3c5b0e9d7a4c1e8a2b6d4f0e1c3a5b", "improvement_percentage": 184.46666666666664, "contributor_address": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "experiment_name": "exp", "tags": {"team": "risk"}, "timestamp": "2024-01-15T10:30:00.123456", "message_version": "1.0"}, "timestamp": "2024-01-15T10:30:01", "retry_count": 0, "max_retries": 3}`,
  ],
  [
    'json.dumps with default=str',
    String.raw`{"message_id": "9b2f0a4e-6f0d-4a55-9f41-1f6a2c9a7d11", "message_type": "model_ready_to_deploy", "payload": {"model_id": "credit-scorer-21/\u03b1 \u03b2", "token_symbol": "msg-ai", "metric_name": "accuracy", "baseline_value": 0.30000000000000004, "current_value": 0.8534, "model_name": "Credit scorer", "model_version": "7", "mlflow_run_id": "0f3c5b0e9d7a4c1e8a2b6d4f0e1c3a5b", "improvement_percentage": 184.46666666666664, "contributor_address": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "experiment_name": "exp", "tags": {"team": "risk"}, "timestamp": "2024-01-15 10:30:00.123456", "message_version": "1.0"}, "timestamp": "2024-01-15T10:30:01", "retry_count": 0, "max_retries": 3}`,
  ],
];

const LIVE_PRODUCER = String.raw`{"message_id": "9b2f0a4e-6f0d-4a55-9f41-1f6a2c9a7d11", "message_type": "model_ready_to_deploy", "payload": {"model_id": "credit-scorer-21/\u03b1 \u03b2", "token_symbol": "msg-ai", "metric_name": "accuracy", "baseline_value": 0.30000000000000004, "current_value": 0.8534, "model_name": "Credit scorer", "model_version": "7", "mlflow_run_id": null, "improvement_percentage": null, "contributor_address": null, "experiment_name": "exp", "tags": null, "timestamp": "2024-01-15T10:30:00.123456", "message_version": "1.0", "status": "ready", "proposal_identifier": "HIP-12", "api_schema": {"input": [1, 2, {"a": null}]}, "eval_spec": {"k": []}, "scorer_ref": "s3://x", "primary_metric": {"name": "auc"}, "benchmark_spec_id": null, "model_supplier_recipient": "0x52908400098527886e0f7030069857d2e4169ee7"}, "timestamp": "2024-01-15T10:30:01.000005+00:00", "retry_count": 2, "max_retries": 5, "trace_id": "t"}`;

const FLAT =
  '{"model_id":"credit-scorer-21/α β","token_symbol":"msg-ai","metric_name":"accuracy","baseline_value":0.30000000000000004,"current_value":0.8534,"model_name":"Credit scorer","model_version":"7","mlflow_run_id":"0f3c5b0e9d7a4c1e8a2b6d4f0e1c3a5b","improvement_percentage":184.46666666666664,"contributor_address":"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed","experiment_name":"exp","tags":{"team":"risk"},"timestamp":"2024-01-15T10:30:00.123456","message_version":"1.0"}';

const REQUEST = {
  messageId: '9b2f0a4e-6f0d-4a55-9f41-1f6a2c9a7d11',
  record: {
    modelId: 'credit-scorer-21/α β',
    tokenSymbol: 'msg-ai',
    metricName: 'accuracy',
    baselineValue: 300_000_000_000_000_040n,
    currentValue: 853_400_000_000_000_000n,
    contributor: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  },
  modelName: 'Credit scorer',
  modelVersion: '7',
  mlflowRunId: '0f3c5b0e9d7a4c1e8a2b6d4f0e1c3a5b',
  improvementPercentage: 184.46666666666664,
  supplierRecipient: null,
  producer: null,
  warnings: [],
};

describe('messages as producers write them', () => {
  it.each(ENVELOPES)('%s', (_, text) => {
    expect(parseMessage(Buffer.from(text), RULES)).toEqual({
      request: REQUEST,
      budget: { maxRetries: 3, retryCount: 0 },
      producedAt: Date.UTC(2024, 0, 15, 10, 30, 1),
      sender: ANYONE,
    });
  });

  it('nulls, unknown fields and a spent retry', () => {
    expect(parseMessage(Buffer.from(LIVE_PRODUCER), RULES)).toEqual({
      request: {
        ...REQUEST,
        record: { ...REQUEST.record, contributor: null },
        mlflowRunId: null,
        improvementPercentage: 184.4667,
        supplierRecipient: '0x52908400098527886E0F7030069857D2E4169EE7',
      },
      budget: { maxRetries: 5, retryCount: 2 },
      producedAt: Date.UTC(2024, 0, 15, 10, 30, 1),
      sender: ANYONE,
    });
  });

  it('a payload without envelope, its id made of its bytes', () => {
    const sha1 = createHash('sha1').update(FLAT).digest('hex');
    expect(parseMessage(Buffer.from(FLAT), RULES)).toEqual({
      request: { ...REQUEST, messageId: `flat-${sha1}` },
      budget: { maxRetries: 3, retryCount: 0 },
      producedAt: Date.UTC(2024, 0, 15, 10, 30, 0, 123),
      sender: ANYONE,
    });
  });
});
