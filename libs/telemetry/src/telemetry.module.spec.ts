import { Test } from '@nestjs/testing';
import { describe, expect, it } from 'vitest';
import { JsonLogger } from './logging/json-logger.js';
import { Metrics } from './metrics/metrics.js';
import { RequestContext } from './logging/request-context.js';
import { TelemetryModule } from './telemetry.module.js';

describe('TelemetryModule', () => {
  it('provides metrics of the service and the process, the logger and the request context', async () => {
    const telemetry = TelemetryModule.forRootAsync({
      useFactory: () => ({
        log: { level: 'log', secrets: [] },
        labels: { deadLetterReasons: ['conflict'], holdReasons: [], version: '0.0.0' },
      }),
    });
    const module = await Test.createTestingModule({ imports: [telemetry] }).compile();
    expect(module.get(JsonLogger)).toBeInstanceOf(JsonLogger);
    expect(module.get(RequestContext).requestId).toBeNull();
    const text = await module.get(Metrics).registry.metrics();
    expect(text).toContain('token_deployer_messages_retried_total{reason="conflict"} 0');
    expect(text).toContain('token_deployer_process_cpu_seconds_total');
  });
});
