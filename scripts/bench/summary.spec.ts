import { describe, expect, it } from 'vitest';
import { missedGoals, summaryOf } from './summary.js';

const run = (value: number) => ({
  figures: [
    { name: 'throughput', unit: '/s', value, goal: { atLeast: 10 } },
    { name: 'memory', unit: 'MB', value: 100 - value, goal: { atMost: 80 } },
    { name: 'cost', unit: 'gas', value: 7 },
  ],
  remarks: ['on one key'],
});

describe('missedGoals', () => {
  it('names what a run did not reach, and nothing that is only told', () => {
    const [good, bad] = [summaryOf({ title: 'good' }, [run(20)]), summaryOf({ title: 'bad' }, [run(5)])];
    expect(missedGoals([good])).toEqual([]);
    expect(missedGoals([good, bad])).toEqual(['bad: throughput', 'bad: memory']);
  });
});

describe('summaryOf', () => {
  it('gives median and spread of each figure, and each remark once', () => {
    const { runs, figures, remarks } = summaryOf({ title: 'a title' }, [run(12), run(5), run(11)]);
    expect(runs).toBe(3);
    expect(figures[0]).toMatchObject({ name: 'throughput', median: 11, min: 5, max: 12, values: [12, 5, 11] });
    expect(remarks).toEqual(['on one key']);
  });

  it('judges the median, in the direction that is wanted', () => {
    const { figures } = summaryOf({ title: '' }, [run(12), run(5), run(11)]);
    expect(figures.map(({ reached }) => reached)).toEqual([true, false, null]);
  });

  it('takes a figure from the runs that have it', () => {
    const { figures } = summaryOf({ title: '' }, [run(12), { figures: [] }]);
    expect(figures[0]?.values).toEqual([12]);
  });
});
