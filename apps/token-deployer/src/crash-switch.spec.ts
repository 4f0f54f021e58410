import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { armCrashPoint, CRASH_POINTS, type CrashPoint, reached } from '#core';
import { armCrashSwitch } from './crash-switch.js';

describe('armCrashSwitch', () => {
  let self: VictimOfTests;
  beforeEach(() => {
    self = new VictimOfTests();
  });
  afterEach(() => armCrashPoint('claimed', () => undefined));

  it.each(CRASH_POINTS)('kills the process at "%s" and nowhere else', (point) => {
    armCrashSwitch({ NODE_ENV: 'test', CRASH_AT: point }, self);
    pass(CRASH_POINTS.filter((other) => other !== point));
    expect(self.signals).toEqual([]);
    reached(point);
    expect(self.signals).toEqual(['SIGKILL']);
  });

  it('lets as many passes through as it is told', () => {
    armCrashSwitch({ NODE_ENV: 'test', CRASH_AT: 'claimed:3' }, self);
    reached('claimed');
    reached('claimed');
    expect(self.signals).toEqual([]);
    reached('claimed');
    expect(self.signals).toEqual(['SIGKILL']);
  });

  it('freezes the process where it is told to', () => {
    armCrashSwitch({ NODE_ENV: 'test', CRASH_AT: 'final', CRASH_SIGNAL: 'SIGSTOP' }, self);
    reached('final');
    expect(self.signals).toEqual(['SIGSTOP']);
  });

  it('is armed, and disarmed, by its parent when that wants to', () => {
    armCrashSwitch({ NODE_ENV: 'test' }, self);
    pass(CRASH_POINTS);
    expect(self.signals).toEqual([]);
    self.emit('message', 'claimed');
    self.emit('message', 'nowhere');
    pass(CRASH_POINTS);
    expect(self.signals).toEqual([]);
    self.emit('message', 'signed');
    pass(CRASH_POINTS);
    expect(self.signals).toEqual(['SIGKILL']);
  });

  it.each(['production', 'development', '', undefined])('is inert when NODE_ENV is %s', (mode) => {
    for (const point of CRASH_POINTS) {
      armCrashSwitch({ NODE_ENV: mode, CRASH_AT: point }, self);
      pass(CRASH_POINTS);
    }
    expect(self.signals).toEqual([]);
    expect(self.listenerCount('message')).toBe(0);
  });

  it('is inert without a place, and at one that nobody knows', () => {
    armCrashSwitch({ NODE_ENV: 'test' }, self);
    armCrashSwitch({ NODE_ENV: 'test', CRASH_AT: 'elsewhere' }, self);
    pass(CRASH_POINTS);
    expect(self.signals).toEqual([]);
  });
});

function pass(points: readonly CrashPoint[]): void {
  for (const point of points) reached(point);
}

class VictimOfTests extends EventEmitter {
  readonly pid = 1;
  readonly signals: NodeJS.Signals[] = [];

  kill(_pid: number, signal: NodeJS.Signals): void {
    this.signals.push(signal);
  }
}
