import { isHexString, Result } from 'ethers';
import { factoryInterface } from '../artifacts.js';

/** The models that calldata of ours asks the factory to deploy; null for any other calldata. */
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
    // A known selector with broken arguments behind it is no calldata of ours.
    return null;
  }
}

function modelOf(deployment: unknown): string {
  return deployment instanceof Result ? String(deployment.getValue('modelId')) : '';
}
