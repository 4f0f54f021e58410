import { AbiCoder, concat } from 'ethers';
import { describe, expect, it } from 'vitest';
import { factoryInterface } from '../artifacts.js';
import { decodeRevert } from './decode-revert.js';

const TOKEN = '0x90F79bf6EB2c4f870365E785982E1f101E93b906';

describe('decodeRevert', () => {
  it.each([
    ['ModelConflict', [TOKEN]],
    ['FieldTooLong', ['symbol', '256']],
    ['CreationFailed', ['model']],
  ])('decodes the custom error %s', (name, args) => {
    expect(decodeRevert(factoryInterface.encodeErrorResult(name, args))).toEqual({ name, args });
  });

  it("decodes Solidity's built-in errors", () => {
    const coder = AbiCoder.defaultAbiCoder();
    const message = concat(['0x08c379a0', coder.encode(['string'], ['no'])]);
    expect(decodeRevert(message)).toEqual({ name: 'Error', args: ['no'] });
    const panic = concat(['0x4e487b71', coder.encode(['uint256'], [0x11])]);
    expect(decodeRevert(panic)).toEqual({ name: 'Panic', args: ['17'] });
  });

  it.each([
    ['nothing', '0x'],
    ['no hexadecimal data', 'execution reverted'],
    ['less than a selector', '0x08c3'],
    ['an unknown error', '0xdeadbeef'],
    ['an error without its arguments', factoryInterface.getError('ModelConflict')?.selector ?? ''],
    ['an error with half an argument', '0x08c379a0000000000000000000000000000000000000000000000000000000000000002000'],
  ])('returns null for %s', (_, data) => {
    expect(decodeRevert(data)).toBeNull();
  });
});
