import {
  type DeployedToken,
  type DeploymentJob,
  type DeploymentRecord,
  formatFixedPoint,
  type SignedAttempt,
} from '#core';
import type { AttemptDto, DeploymentDto, RecordDto, TokenDto } from './deployment.dto.js';

/** All that is known about the deployment of one model. */
export function toDeploymentDto(job: DeploymentJob): DeploymentDto {
  const { request, state, slot, token, eventId, failure, attempts, createdAt, updatedAt } = job;
  return {
    model_id: request.record.modelId,
    state,
    message_id: request.messageId,
    record: toRecordDto(request.record),
    model_name: request.modelName,
    model_version: request.modelVersion,
    mlflow_run_id: request.mlflowRunId,
    improvement_percentage: request.improvementPercentage,
    producer: request.producer,
    warnings: request.warnings,
    token: token === null ? null : toTokenDto(token),
    registration: token?.registration ?? null,
    event_id: eventId,
    failure,
    slot,
    attempts: attempts.map((attempt) => toAttemptDto(attempt, token)),
    created_at: new Date(createdAt).toISOString(),
    updated_at: new Date(updatedAt).toISOString(),
  };
}

/** What stands, or will stand, on chain. Metrics as decimal numbers in strings: JSON numbers would lose digits. */
function toRecordDto(record: DeploymentRecord): RecordDto {
  return {
    token_symbol: record.tokenSymbol,
    metric_name: record.metricName,
    baseline_value: formatFixedPoint(record.baselineValue),
    current_value: formatFixedPoint(record.currentValue),
    contributor_address: record.contributor,
  };
}

/** The block and the fee that was really paid are known of the attempt that made the token, once it is final. */
function toAttemptDto(attempt: SignedAttempt, token: DeployedToken | null): AttemptDto {
  const mined = token?.transactionHash === attempt.hash ? token : null;
  return {
    transaction_hash: attempt.hash,
    gas_limit: attempt.gasLimit.toString(),
    max_fee_per_gas: attempt.maxFeePerGas.toString(),
    max_priority_fee_per_gas: attempt.maxPriorityFeePerGas.toString(),
    signed_at: new Date(attempt.signedAt).toISOString(),
    block_number: mined?.blockNumber ?? null,
    effective_gas_price: mined?.gasPrice.toString() ?? null,
  };
}

function toTokenDto(token: DeployedToken): TokenDto {
  return {
    token_address: token.tokenAddress,
    transaction_hash: token.transactionHash,
    registry_transaction_hash: token.registryTransactionHash,
    block_number: token.blockNumber,
    deployment_timestamp: new Date(token.blockTimestamp * 1000).toISOString(),
    gas_used: token.gasUsed.toString(),
    gas_price: token.gasPrice.toString(),
    l1_data_fee: token.layerOneFee?.toString() ?? null,
    deployer_address: token.deployerAddress,
  };
}
