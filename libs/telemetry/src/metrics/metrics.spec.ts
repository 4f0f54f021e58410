import { readFileSync } from 'node:fs';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { Metrics } from './metrics.js';
import { collectProcessMetrics } from './process-metrics.js';

const known = { deadLetterReasons: ['conflict', 'poison'], holdReasons: ['no_lane'], version: '1.2.3' };

function camelCased(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

describe('Metrics', () => {
  it('names every property after its metric, under the prefix', async () => {
    const metrics = new Metrics(known);
    const names = (await metrics.registry.getMetricsAsJSON()).map((metric) => metric.name);
    expect(names.length).toBeGreaterThan(35);
    for (const name of names) {
      expect(name).toMatch(/^token_deployer_/);
      expect(metrics).toHaveProperty(camelCased(name.replace('token_deployer_', '')));
    }
  });

  it('has every closed label set at 0 before anything happened', async () => {
    const text = await new Metrics(known).registry.metrics();
    for (const line of [
      'messages_received_total 0',
      'messages_processed_total{outcome="released"} 0',
      'messages_retried_total{reason="conflict"} 0',
      'messages_dead_lettered_total{reason="poison"} 0',
      'messages_recovered_total{source="orphaned"} 0',
      'message_processing_duration_seconds_count{outcome="deployed"} 0',
      'consumer_held{reason="no_lane",scope="service"} 0',
      'queue_messages{queue="dead_letter"} 0',
      'transactions_total{kind="deploy",outcome="foreign"} 0',
      'redis_reconnects_total{connection="blocking"} 0',
      'dlq_operations_total{operation="replay",outcome="gone"} 0',
      `build_info{version="1.2.3",node_version="${process.version}"} 1`,
    ]) {
      expect(text.split('\n')).toContain(`token_deployer_${line}`);
    }
  });

  it('keeps to the naming rules of Prometheus', async () => {
    const metrics = new Metrics(known);
    collectProcessMetrics(metrics.registry);
    for (const { name, type, help } of await metrics.registry.getMetricsAsJSON()) {
      expect(`${name}: ${name.endsWith('_total')}`).toBe(`${name}: ${String(type) === 'counter'}`);
      expect(help).not.toBe('');
    }
  });

  it('uses a registry of its own', () => {
    expect(new Metrics().registry).not.toBe(new Metrics().registry);
  });

  it('asks for nothing during a scrape', () => {
    const source = readFileSync(new URL('metrics.ts', import.meta.url), 'utf8');
    expect(source).not.toContain('collect(');
  });
});

describe('collectProcessMetrics', () => {
  it('adds the metrics of the process under the prefix', async () => {
    const registry = new Registry();
    collectProcessMetrics(registry);
    const text = await registry.metrics();
    expect(text).toContain('token_deployer_process_resident_memory_bytes');
    expect(text).toContain('token_deployer_nodejs_eventloop_lag_seconds');
    expect(text).not.toMatch(/nodejs_active_\w+_total|heap_space/);
  });
});
