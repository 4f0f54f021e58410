import { type VerificationReport, DISCREPANCIES, type DiscrepancyCode } from '#reconciliation';
import { escapeControlCharacters } from '../escape-control-characters.js';

/** Formats a report as text: discrepancies, the meaning of their codes, and counts. */
export function formatReport({ disagreements, omitted, byCode, counts, finalBlock }: VerificationReport): string {
  const lines = disagreements.map(
    ({ code, subject, detail }) => `${code}  ${escapeControlCharacters(subject)}  ${escapeControlCharacters(detail)}`,
  );
  const codes = Object.keys(DISCREPANCIES).filter((code): code is DiscrepancyCode => code in byCode);
  const width = Math.max(...codes.map((code) => code.length), 0);
  const table = codes.map((code) => `${code.padEnd(width)}  ${byCode[code]}  ${DISCREPANCIES[code]}`);
  const { jobs, tokens, foreignTokens, lanes, slots, leases, messages, events } = counts;
  return [
    ...lines,
    ...(omitted > 0 ? [`and ${omitted} more`] : []),
    ...(table.length > 0 ? ['', ...table, ''] : []),
    `${jobs} jobs, ${tokens} tokens (${foreignTokens} of other deployers) up to block ${finalBlock}, ${lanes} lanes with ` +
      `${slots} open slots, ${messages} messages, ${leases} leases, ${events} events`,
    disagreements.length === 0 ? 'no discrepancy' : `${disagreements.length + omitted} discrepancies`,
  ].join('\n');
}
