import { type Admission, type DeploymentRecord, recordFingerprint } from '#core';
import { decodeJob } from './job-codec.js';
import { hashReply, listReply, textReply } from './replies.js';
import { decodeRequest } from './request-codec.js';
import { decodeToken } from './token-codec.js';
import { LedgerCorruptedError } from './ledger.errors.js';

/** @param wanted the record of the admission request */
export function decodeAdmission(reply: unknown, wanted: DeploymentRecord): Admission {
  const [kind, content] = listReply(reply);
  switch (textReply(kind)) {
    case 'admitted':
      return { kind: 'admitted', job: decodeJob(hashReply(content)) };
    case 'attached':
      return { kind: 'attached' };
    case 'deployed':
      return { kind: 'deployed', token: decodeToken(textReply(content)) };
    case 'conflict':
      return { kind: 'conflict', detail: describeConflict(decodeRequest(textReply(content)).record, wanted) };
    default:
      throw new LedgerCorruptedError('reply');
  }
}

const COMPARED = ['tokenSymbol', 'metricName', 'baselineValue', 'currentValue', 'contributor'] as const;

// Names the fields only: the values may be of any size.
function describeConflict(first: DeploymentRecord, wanted: DeploymentRecord): string {
  const differing = COMPARED.filter(
    (field) => recordFingerprint({ ...first, [field]: wanted[field] }) !== recordFingerprint(first),
  );
  return `model ${wanted.modelId.slice(0, 128)} was admitted before with another ${differing.join(', ') || 'record'}`;
}
