import { type DeploymentRequest, MessageRejectedError } from '#core';
import { excerpt } from '../validation/excerpt.js';

/** What messages may ask for. Null: anything. */
export interface AllowList {
  /** Model ids, in which `*` stands for any text. */
  readonly modelIds: readonly string[] | null;
  /** Addresses in lower case that tokens and supplier allocations may go to. A message without any needs no entry. */
  readonly contributors: ReadonlySet<string> | null;
}

export const ANYTHING: AllowList = { modelIds: null, contributors: null };

/**
 * @param owner whose list it is, for the error
 * @throws MessageRejectedError `not_allowed`
 */
export function requireAllowed(
  { record, supplierRecipient }: Pick<DeploymentRequest, 'record' | 'supplierRecipient'>,
  { modelIds, contributors }: AllowList,
  owner: string,
): void {
  if (modelIds !== null && !modelIds.some((pattern) => matchesPattern(record.modelId, pattern)))
    throw new MessageRejectedError('not_allowed', `The model id ${excerpt(record.modelId)} is not in ${owner}.`);
  const refused = [record.contributor, supplierRecipient].find(
    (address) => address !== null && contributors !== null && !contributors.has(address.toLowerCase()),
  );
  if (refused !== undefined)
    throw new MessageRejectedError('not_allowed', `The address ${excerpt(refused)} is not in ${owner}.`);
}

/** Whether the text fits the pattern, in which `*` stands for any text. Takes the leftmost place of each part. */
export function matchesPattern(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
