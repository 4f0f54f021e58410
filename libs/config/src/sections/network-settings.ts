import { textsOf } from '../env/config-base.js';
import { type Variable, variablesOfClass } from '../env/env.decorator.js';
import { ChainConfig } from './chain.config.js';
import { findNetwork, type Network } from './networks.js';

interface NetworkSetting {
  readonly value: string | null;
  readonly from: 'environment' | 'preset' | 'default';
}

interface NetworkSettings {
  /** Title of the preset; null for a chain without one. */
  readonly preset: string | null;
  /** By variable. */
  readonly settings: Readonly<Record<string, NetworkSetting>>;
}

/** The effective value of each variable that a network's preset can give, and where it comes from. */
export function networkSettings(config: ChainConfig): NetworkSettings {
  const network = findNetwork(config.chainId);
  const texts = textsOf(config);
  const settings = variablesOfClass(ChainConfig).flatMap((variable): readonly [string, NetworkSetting][] => {
    const byNetwork = presetOf(variable);
    if (byNetwork === undefined) return [];
    const { text = null, given = false } = texts.get(variable.name) ?? {};
    const preset = network !== null && byNetwork(network) !== undefined;
    return [[variable.name, { value: text, from: given ? 'environment' : preset ? 'preset' : 'default' }]];
  });
  return { preset: network?.title ?? null, settings: Object.fromEntries(settings) };
}

/** Undefined for a variable that no preset gives. */
function presetOf({ default: fallback }: Variable): ((network: Network) => unknown) | undefined {
  return typeof fallback === 'object' ? fallback?.byNetwork : undefined;
}
