import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { armFailpoint, FAILPOINTS, type Failpoint, failpoint } from '#core';
import { armFailpoints } from './failpoint-switch.js';

describe('armFailpoints', () => {
  let self: VictimOfTests;
  beforeEach(() => {
    self = new VictimOfTests();
  });
  afterEach(() => armFailpoint('claimed', () => undefined));

  it.each(FAILPOINTS)('kills the process at "%s" and nowhere else', (point) => {
    armFailpoints({ NODE_ENV: 'test', FAILPOINT: point }, self);
    pass(FAILPOINTS.filter((other) => other !== point));
    expect(self.signals).toEqual([]);
    failpoint(point);
    expect(self.signals).toEqual(['SIGKILL']);
  });

  it('skips the given number of passes', () => {
    armFailpoints({ NODE_ENV: 'test', FAILPOINT: 'claimed:3' }, self);
    failpoint('claimed');
    failpoint('claimed');
    expect(self.signals).toEqual([]);
    failpoint('claimed');
    expect(self.signals).toEqual(['SIGKILL']);
  });

  it('stops the process when FAILPOINT_SIGNAL is SIGSTOP', () => {
    armFailpoints({ NODE_ENV: 'test', FAILPOINT: 'final', FAILPOINT_SIGNAL: 'SIGSTOP' }, self);
    failpoint('final');
    expect(self.signals).toEqual(['SIGSTOP']);
  });

  it('is armed and disarmed by messages of its parent', () => {
    armFailpoints({ NODE_ENV: 'test' }, self);
    pass(FAILPOINTS);
    expect(self.signals).toEqual([]);
    self.emit('message', 'claimed');
    self.emit('message', 'nowhere');
    pass(FAILPOINTS);
    expect(self.signals).toEqual([]);
    self.emit('message', 'signed');
    pass(FAILPOINTS);
    expect(self.signals).toEqual(['SIGKILL']);
  });

  it.each(['production', 'development', '', undefined])('is inert when NODE_ENV is %s', (mode) => {
    for (const point of FAILPOINTS) {
      armFailpoints({ NODE_ENV: mode, FAILPOINT: point }, self);
      pass(FAILPOINTS);
    }
    expect(self.signals).toEqual([]);
    expect(self.listenerCount('message')).toBe(0);
  });

  it('does nothing without a failpoint or with an unknown one', () => {
    armFailpoints({ NODE_ENV: 'test' }, self);
    armFailpoints({ NODE_ENV: 'test', FAILPOINT: 'elsewhere' }, self);
    pass(FAILPOINTS);
    expect(self.signals).toEqual([]);
  });
});

function pass(points: readonly Failpoint[]): void {
  for (const point of points) failpoint(point);
}

class VictimOfTests extends EventEmitter {
  readonly pid = 1;
  readonly signals: NodeJS.Signals[] = [];

  kill(_pid: number, signal: NodeJS.Signals): void {
    this.signals.push(signal);
  }
}
