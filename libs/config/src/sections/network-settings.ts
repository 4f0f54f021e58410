import { textsOf } from '../env/config-base.js';
import { variablesOfClass } from '../env/env.decorator.js';
import { ChainConfig } from './chain.config.js';
import { findNetwork } from './networks.js';

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
  const settings = variablesOfClass(ChainConfig).flatMap(
    ({ name, default: fallback }): readonly [string, NetworkSetting][] => {
      const byNetwork = typeof fallback === 'object' ? fallback?.byNetwork : undefined;
      if (byNetwork === undefined) return [];
      const { text = null, given = false } = texts.get(name) ?? {};
      const preset = network !== null && byNetwork(network) !== undefined;
      return [[name, { value: text, from: given ? 'environment' : preset ? 'preset' : 'default' }]];
    },
  );
  return { preset: network?.title ?? null, settings: Object.fromEntries(settings) };
}
