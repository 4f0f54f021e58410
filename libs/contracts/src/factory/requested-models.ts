import { isHexString, Result } from 'ethers';
import { factoryInterface } from '../artifacts.js';

/** Returns the model ids of a deployment call, or null for other calldata. */
export function decodeRequestedModels(data: string): readonly string[] | null {
  if (!isHexString(data)) return null;
  const call = parse(data);
  const argument: unknown = call?.args[0];
  if (!call || !(argument instanceof Result)) return null;
  if (call.name === 'deploy') return [modelOf(argument)];
  if (call.name === 'deployBatch') return argument.map((each) => modelOf(each));
  return null;
}

function parse(data: string) {
  try {
    return factoryInterface.parseTransaction({ data });
  } catch {
    // A known selector with invalid arguments is not a call of this service.
    return null;
  }
}

function modelOf(deployment: unknown): string {
  return deployment instanceof Result ? String(deployment.getValue('modelId')) : '';
}
