/** What the contracts use of the EVM, in the order of the probe's answer. Both came with the Cancun upgrade. */
const REQUIRED_EIPS = ['EIP-1153 (transient storage)', 'EIP-5656 (MCOPY)'] as const;

/**
 * Init code for one `eth_call` without `to`. It creates one contract for each EIP, whose init code uses the opcode, and
 * returns one byte each: 1 where that succeeded.
 */
export const EIP_PROBE =
  '0x65600060005d006000526006601a6000f01515602053676000600060005e00600052600860186000f0151560215360026020f3';

/** Returns the EIPs that the chain lacks, by its answer to the probe. */
export function missingEips(answer: string): readonly string[] {
  return REQUIRED_EIPS.filter((_, index) => answer.slice(2 + 2 * index, 4 + 2 * index) !== '01');
}
