import type { DeployedToken, DeploymentJob, DeploymentRecord } from '#core';
import { fixedPointText } from './fixed-point-text.js';

/** All that is known about the deployment of one model. */
export function deploymentView(job: DeploymentJob) {
  const { request, state, slot, token, eventId, failure, transactionHashes, createdAt, updatedAt } = job;
  return {
    model_id: request.record.modelId,
    state,
    message_id: request.messageId,
    record: recordView(request.record),
    model_name: request.modelName,
    model_version: request.modelVersion,
    mlflow_run_id: request.mlflowRunId,
    improvement_percentage: request.improvementPercentage,
    token: token === null ? null : tokenView(token),
    event_id: eventId,
    failure,
    slot,
    transaction_hashes: transactionHashes,
    created_at: new Date(createdAt).toISOString(),
    updated_at: new Date(updatedAt).toISOString(),
  };
}

/** What stands, or will stand, on chain. Metrics as decimal numbers in strings: JSON numbers would lose digits. */
function recordView(record: DeploymentRecord) {
  return {
    token_symbol: record.tokenSymbol,
    metric_name: record.metricName,
    baseline_value: fixedPointText(record.baselineValue),
    current_value: fixedPointText(record.currentValue),
    contributor_address: record.contributor,
  };
}

function tokenView(token: DeployedToken) {
  return {
    token_address: token.tokenAddress,
    transaction_hash: token.transactionHash,
    registry_transaction_hash: token.registryTransactionHash,
    block_number: token.blockNumber,
    deployment_timestamp: new Date(token.blockTimestamp * 1000).toISOString(),
    gas_used: token.gasUsed.toString(),
    gas_price: token.gasPrice.toString(),
    deployer_address: token.deployerAddress,
  };
}
