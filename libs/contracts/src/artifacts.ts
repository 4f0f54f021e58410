import factory from '../artifacts/HokusaiTokenFactory.json' with { type: 'json' };
import token from '../artifacts/HokusaiToken.json' with { type: 'json' };
import { Interface } from 'ethers';

/** Output of the build script for `HokusaiTokenFactory`. */
export const factoryArtifact = factory;

/** Output of the build script for `HokusaiToken`, the implementation behind every token. */
export const tokenArtifact = token;

export const factoryInterface = new Interface(factory.abi);

export const tokenInterface = new Interface(token.abi);
