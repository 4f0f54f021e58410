import { randomUUID } from 'node:crypto';

/** Payload of a good message, in the form of the platform's integration guide. */
export function guidePayload(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    model_id: `model-${randomUUID()}`,
    token_symbol: 'MSG-AI',
    metric_name: 'accuracy',
    baseline_value: 0.85,
    current_value: 0.91,
    model_name: 'message-classifier',
    model_version: '3',
    mlflow_run_id: randomUUID().replaceAll('-', ''),
    improvement_percentage: 7.06,
    contributor_address: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
    experiment_name: 'message-routing',
    tags: { team: 'nlp' },
    timestamp: '2026-03-01T12:00:00.123456',
    message_version: '1.0',
    ...changes,
  };
}

/** The JSON text of a message, envelope and all, as a producer pushes it. */
export function guideMessage(
  payload: Readonly<Record<string, unknown>> = {},
  envelope: Readonly<Record<string, unknown>> = {},
): string {
  return JSON.stringify({
    message_id: randomUUID(),
    message_type: 'model_ready_to_deploy',
    payload: guidePayload(payload),
    timestamp: '2026-03-01T12:00:00.234567',
    retry_count: 0,
    max_retries: 3,
    ...envelope,
  });
}
