import type { DeploymentRequest } from '#core';
import { HokusaiTokenDeployedEvent } from './token-deployed-event.dto.js';

/** Values of an event by field; undefined ones are left out. */
export type EventFields = Readonly<Record<string, string | number | null | undefined>>;

/** Hokusai's readers accept no other field. */
const FIELDS = Object.keys(new HokusaiTokenDeployedEvent());

/** Their readers know upper case only, while the platform sends lower case. */
const SYMBOL = /^[A-Za-z0-9-]{1,10}$/;

interface Requirement {
  /** Field of the payload. */
  readonly field: string;
  /** Completes the sentence "the field must ...". */
  readonly expectation: string;
  readonly isMet: (request: DeploymentRequest) => boolean;
}

const REQUIREMENTS: readonly Requirement[] = [
  {
    field: 'token_symbol',
    expectation: 'be 1 to 10 letters of A-Z, digits or -',
    isMet: ({ record }) => SYMBOL.test(record.tokenSymbol),
  },
  { field: 'model_name', expectation: 'be a text that is not empty', isMet: ({ modelName }) => Boolean(modelName) },
  {
    field: 'model_version',
    expectation: 'be a text that is not empty',
    isMet: ({ modelVersion }) => Boolean(modelVersion),
  },
  {
    field: 'mlflow_run_id',
    expectation: 'be a text that is not empty',
    isMet: ({ mlflowRunId }) => Boolean(mlflowRunId),
  },
  {
    field: 'improvement_percentage',
    expectation: 'be above 0; it is required where the values make no percentage above 0',
    isMet: ({ improvementPercentage: percent }) =>
      percent !== null && percent > 0 && percent <= Number.MAX_SAFE_INTEGER,
  },
];

/** The first requirement of Hokusai's readers that the request does not meet; null when an event can carry it. */
export function unmetHokusaiRequirement(request: DeploymentRequest): Omit<Requirement, 'isMet'> | null {
  return REQUIREMENTS.find(({ isMet }) => !isMet(request)) ?? null;
}

/** The event in Hokusai's form; null when its readers would refuse it. */
export function hokusaiEvent(request: DeploymentRequest, fields: EventFields, network: string): EventFields | null {
  if (unmetHokusaiRequirement(request) !== null || fields['registry_transaction_hash'] === null) return null;
  const theirs: EventFields = { ...fields, network, token_symbol: request.record.tokenSymbol.toUpperCase() };
  return Object.fromEntries(FIELDS.map((name) => [name, theirs[name]]));
}
