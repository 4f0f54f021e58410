import { platformMessage, platformPayload } from '../../test/support/fixtures/platform-message.fixture.js';

/** A message and what has to become of it. */
export interface SampleMessage {
  readonly what: string;
  readonly text: string;
  readonly modelId: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly expected: 'deployed' | 'duplicate' | 'dead letter';
}

/** Three models, one of them sent twice by a producer that saw a time-out, and an invalid message. */
export function sampleMessages(): SampleMessage[] {
  const classifier = sample('a classifier', 'deployed', { model_id: 'message-classifier-v3', token_symbol: 'MSG-AI' });
  return [
    classifier,
    sample('a model without a contributor', 'deployed', {
      model_id: 'lead-scorer-v1',
      token_symbol: 'lead-score',
      metric_name: 'auroc',
      contributor_address: null,
    }),
    { ...classifier, what: 'the first message again', expected: 'duplicate' },
    sample('a contributor that is no address', 'dead letter', {
      model_id: 'broken-contributor',
      token_symbol: 'BROKEN',
      contributor_address: '0x1234',
    }),
    sample('a model without an MLflow run', 'deployed', {
      model_id: 'churn-predictor-v7',
      token_symbol: 'CHURN',
      metric_name: 'neg_log_loss',
      baseline_value: -0.31,
      current_value: -0.27,
      mlflow_run_id: null,
    }),
  ];
}

function sample(
  what: string,
  expected: SampleMessage['expected'],
  changes: { readonly model_id: string } & Readonly<Record<string, unknown>>,
): SampleMessage {
  const payload = platformPayload(changes);
  return { what, expected, modelId: changes.model_id, payload, text: platformMessage(payload) };
}
