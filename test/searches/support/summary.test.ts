import { describe, expect, it } from '@jest/globals';
import {
  factsOf,
  type OpportunityFacts,
  winRate,
  worth,
} from '../../../searches/support/opportunity-sums.ts';
import { summarize } from '../../../searches/support/summary.ts';
import type { SummaryFrame } from '../../../searches/support/summary-lines.ts';
import { summarySample } from '../../../searches/support/summary-output.ts';
import { summaryMarkdown, summaryText } from '../../../searches/support/summary-text.ts';

const DAY = 86_400_000;
const now = Date.parse('2026-11-20T18:00:00Z');
const from = Date.parse('2026-11-20T00:00:00Z');

const frame: SummaryFrame = {
  from,
  before: from + DAY,
  now,
  pipelines: [
    {
      id: 'p1',
      name: 'Sales',
      stages: [
        { id: 's1', name: 'New', probability: 10 },
        { id: 's2', name: 'Late', probability: null },
      ],
    },
  ],
  ownerName: (id) => ({ u1: 'Ada', u2: 'Bo' })[id] ?? null,
  url: (id) => `https://example.com/${id}`,
};

let serial = 0;
const opportunity = (facts: Partial<OpportunityFacts> = {}): OpportunityFacts => ({
  id: `d${++serial}`,
  name: `Opportunity ${serial}`,
  status: 'open',
  value: 100,
  probability: null,
  pipelineId: 'p1',
  stageId: 's1',
  ownerId: 'u1',
  contactName: null,
  createdAt: from - 10 * DAY,
  statusChangedAt: from - 10 * DAY,
  stageChangedAt: from - 10 * DAY,
  ...facts,
});

describe('the arithmetic of a summary', () => {
  it('has no win rate where nothing was won or lost, and one decimal otherwise', () => {
    expect(winRate(0, 0)).toBeNull();
    expect(winRate(0, 3)).toBe(0);
    expect(winRate(2, 1)).toBe(66.7);
    expect(winRate(5, 0)).toBe(100);
  });

  it('sums cents without drift', () => {
    expect(worth([{ value: 0.1 }, { value: 0.2 }])).toBe(0.3);
    expect(worth(Array.from({ length: 10_000 }, () => ({ value: 100.1 })))).toBe(1_001_000);
    expect(worth([])).toBe(0);
  });

  it('weighs by the opportunity’s own probability, else its stage’s, and counts those that have neither', () => {
    const numbers = summarize(
      [
        opportunity({ value: 1000, probability: 60 }),
        opportunity({ value: 333.33 }),
        opportunity({ value: 500, stageId: 's2' }),
        opportunity({ value: 100, probability: 0 }),
        opportunity({ value: 9000, status: 'won' }),
      ],
      frame,
    );
    expect(numbers).toMatchObject({ weighted_value: 633.33, no_probability_count: 1, open_count: 4 });
  });

  it('counts what became so within the period, its first moment included and its end not', () => {
    const closed = (status: string, at: number) => opportunity({ status, statusChangedAt: at, value: 10 });
    const numbers = summarize(
      [
        closed('won', from),
        closed('won', from - 1),
        closed('won', from + DAY),
        closed('lost', from + DAY - 1),
        closed('abandoned', from + 5),
        opportunity({ createdAt: from, value: 7 }),
        opportunity({ createdAt: from - 1 }),
      ],
      frame,
    );
    expect(numbers).toMatchObject({
      won_count: 1,
      won_value: 10,
      lost_count: 1,
      abandoned_count: 1,
      abandoned_value: 10,
      created_count: 1,
      created_value: 7,
      win_rate: 50,
    });
  });

  it('shows every stage of the board, and a deleted one that still holds opportunities', () => {
    const { stages, open_count } = summarize(
      [opportunity(), opportunity({ stageId: 'gone', value: 5 })],
      frame,
    );
    expect(stages.map(({ stage_name, open_count }) => [stage_name, open_count])).toEqual([
      ['New', 1],
      ['Late', 0],
      ['Former Stage', 1],
    ]);
    expect(stages.reduce((sum, line) => sum + line.open_count, 0)).toBe(open_count);
  });

  it('shows owners by open value, those without one and those who left too', () => {
    const { owners } = summarize(
      [
        opportunity({ ownerId: 'u1', value: 10 }),
        opportunity({ ownerId: 'u2', value: 30 }),
        opportunity({ ownerId: null, value: 20 }),
        opportunity({ ownerId: 'left', status: 'lost', statusChangedAt: from, value: 99 }),
        opportunity({ ownerId: 'u1', status: 'won', statusChangedAt: from, value: 5 }),
        opportunity({ ownerId: 'u1', status: 'won', statusChangedAt: from - DAY, value: 5 }),
      ],
      frame,
    );
    expect(
      owners.map(({ owner_name, open_value, won_count }) => [owner_name, open_value, won_count]),
    ).toEqual([
      ['Bo', 30, 0],
      ['No Owner', 20, 0],
      ['Ada', 10, 1],
      ['Former User', 0, 0],
    ]);
    expect(owners[2]?.win_rate).toBe(100);
    expect(owners[0]?.win_rate).toBeNull();
  });

  it('lists five of the largest and of the stalest open opportunities', () => {
    const opportunities = Array.from({ length: 8 }, (_, index) =>
      opportunity({ name: `N${index}`, value: index, stageChangedAt: now - index * DAY - 1 }),
    );
    const { largest_opportunities, stalest_opportunities } = summarize(
      [
        ...opportunities,
        opportunity({ status: 'won', value: 999 }),
        opportunity({ name: 'Undated', stageChangedAt: Number.NaN }),
      ],
      frame,
    );
    expect(largest_opportunities.map(({ name }) => name)).toEqual(['Undated', 'N7', 'N6', 'N5', 'N4']);
    expect(stalest_opportunities.map(({ name, days_in_stage }) => [name, days_in_stage])).toEqual([
      ['N7', 7],
      ['N6', 6],
      ['N5', 5],
      ['N4', 4],
      ['N3', 3],
    ]);
  });

  it('reads a bare record as one of no value', () => {
    expect(factsOf({ id: 'x' })).toMatchObject({ name: 'x', value: 0, probability: null, ownerId: null });
    expect(factsOf({ id: 'x', effectiveProbability: 14.29, forecastProbability: null })).toMatchObject({
      probability: 14.29,
    });
  });
});

describe('the text of a summary', () => {
  const head = {
    pipeline_name: 'Sales',
    period_start: '2026-11-20',
    period_end: '2026-11-20',
    time_zone: 'America/Chicago',
    left_out_count: 0,
  };
  const numbers = summarize(
    [
      opportunity({ id: 'a', name: 'Cafe [new] *big*\nsecond line', value: 1250.5, probability: 50 }),
      opportunity({ id: 'b', name: 'Shop', ownerId: null, stageId: 's2', stageChangedAt: now - DAY }),
      opportunity({ status: 'won', statusChangedAt: from, value: 3000 }),
    ],
    frame,
  );

  it('is plain', () => {
    expect(summaryText(head, numbers)).toBe(`Sales: Nov 20, 2026 (America/Chicago)
- Open now: 2 opportunities worth 1,350.50
- Weighted forecast: 625.25, without 1 opportunity of unknown probability
- Created: none
- Won: 1 opportunity worth 3,000
- Lost: none
- Abandoned: none
- Win rate: 100% (1 of 1)

Open by stage
- New: 1 opportunity worth 1,250.50
- Late: 1 opportunity worth 100

By owner
- Ada: open 1 opportunity worth 1,250.50, won 1 opportunity worth 3,000
- No Owner: open 1 opportunity worth 100

Largest open opportunities
- Cafe [new] *big* second line: 1,250.50 (New, Ada)
- Shop: 100 (Late)

Longest in their stage
- Cafe [new] *big* second line: 10 days in New, worth 1,250.50
- Shop: 1 day in Late, worth 100`);
  });

  it('is Markdown in which names mean nothing', () => {
    const text = summaryMarkdown(head, numbers);
    expect(text).toContain('**Sales: Nov 20, 2026 (America/Chicago)**\n\n- Open now');
    expect(text).toContain(
      '- [Cafe \\[new\\] \\*big\\* second line](https://example.com/a): 1,250.50 (New, Ada)',
    );
  });

  it('says so where there is nothing', () => {
    expect(
      summaryText({ ...head, pipeline_name: null, period_end: '2026-11-21' }, summarize([], frame)),
    ).toBe(
      `All pipelines: Nov 20, 2026 to Nov 21, 2026 (America/Chicago)
- Open now: none
- Weighted forecast: 0
- Created: none
- Won: none
- Lost: none
- Abandoned: none
- Win rate: none, as no opportunity was won or lost`,
    );
  });

  it('cuts long lists short and says by how much', () => {
    const many = Array.from({ length: 20 }, (_, index) => opportunity({ ownerId: `x${index}` }));
    const text = summaryText(head, summarize(many, { ...frame, ownerName: (id) => `Person ${id}` }));
    expect(text.match(/Person/g)).toHaveLength(15 + 5);
    expect(text).toContain('- and 5 more');
  });
});

describe('the sample of a summary', () => {
  it('has the texts that its numbers give', () => {
    expect(summarySample.text).toBe(summaryText(summarySample, summarySample));
    expect(summarySample.markdown).toBe(summaryMarkdown(summarySample, summarySample));
  });
});
