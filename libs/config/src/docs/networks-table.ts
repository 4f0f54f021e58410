import { type Network, NETWORKS } from '../sections/networks.js';

const HEADER = [
  'Network',
  'Chain id',
  '`NETWORK_NAME`',
  '`BLOCK_TIME`',
  '`CONFIRMATIONS`',
  'Minimum tip',
  'Maximum tip',
  'Maximum fee',
];
const NOTES_HEADER = ['Network', 'Explorer', 'Quirks', 'Evidence'];

/** The presets of all networks, as Markdown: the values, then what is peculiar. */
export function networksTable(): string {
  return [table(HEADER, NETWORKS.map(valuesOf)), table(NOTES_HEADER, NETWORKS.map(notesOf))].join('\n\n');
}

function valuesOf(network: Network) {
  const { title, chainId, name, blockTime, confirmations } = network;
  const fees = [network.minimumTip, network.maximumTip, network.maximumFee].map((gwei) => gwei ?? '–');
  return [title, chainId, code(name), blockTime, code(confirmations), ...fees];
}

function notesOf({ title, explorerUrl, quirks, evidence }: Network) {
  return [title, explorerUrl === null ? '–' : `<${explorerUrl}>`, quirks, evidence];
}

function code(text: string | number): string {
  return `\`${text}\``;
}

function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
