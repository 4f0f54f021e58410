import { NETWORKS } from '../sections/networks.js';

const HEADER = [
  'Network',
  'Chain id',
  '`NETWORK_NAME`',
  '`BLOCK_TIME`',
  '`CONFIRMATIONS`',
  '`FEE_STYLE`',
  'Minimum tip',
  'Maximum tip',
  'Maximum fee',
];
const NOTES_HEADER = ['Network', 'Explorer', 'Quirks', 'Evidence'];

/** The presets of all networks, as Markdown: the values, then what is peculiar. */
export function networksTable(): string {
  const values = NETWORKS.map(({ title, chainId, name, blockTime, confirmations, feeStyle, ...network }) => {
    const fees = [network.minimumTip, network.maximumTip, network.maximumFee].map((gwei) => gwei ?? '–');
    return [title, chainId, code(name), blockTime, code(confirmations), code(feeStyle), ...fees];
  });
  const notes = NETWORKS.map(({ title, explorerUrl, quirks, evidence }) => {
    return [title, explorerUrl === null ? '–' : `<${explorerUrl}>`, quirks, evidence];
  });
  return [table(HEADER, values), table(NOTES_HEADER, notes)].join('\n\n');
}

function code(text: string | number): string {
  return `\`${text}\``;
}

function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
