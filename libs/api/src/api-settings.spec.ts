import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Metrics } from '#telemetry';
import { BearerTokens } from './auth/bearer-tokens.service.js';
import { TokenFile } from './auth/token-file.worker.js';
import { ApiSettings } from './api-settings.js';

const settings = new ApiSettings({
  operateToken: 'operate-canary',
  readToken: 'read-canary',
  serviceName: 'token-deployer',
  version: '1.2.3',
});

describe('ApiSettings', () => {
  it('shows no token', () => {
    const holder = { settings, tokens: new BearerTokens(settings, new TokenFile(settings, new Metrics())) };
    expect(JSON.stringify(settings)).not.toContain('canary');
    expect(inspect(holder, { depth: 10, showHidden: true })).not.toContain('canary');
  });
});

describe('BearerTokens', () => {
  const tokens = new BearerTokens(settings, new TokenFile(settings, new Metrics()));

  it('knows who holds which token', () => {
    expect(tokens.holderOf('operate-canary')).toEqual({ id: 'operate', scope: 'operate' });
    expect(tokens.holderOf('read-canary')).toEqual({ id: 'read', scope: 'read' });
  });

  it.each(['', 'operate-canar', 'operate-canary ', 'OPERATE-CANARY'])('does not know %j', (token) => {
    expect(tokens.holderOf(token)).toBeNull();
  });
});
