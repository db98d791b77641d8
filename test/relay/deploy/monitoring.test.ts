import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { metricsOf, STORES, startTestRelay, type TestRelay } from '../support/relay.ts';
import { findPromtool } from './promtool.ts';

const DEPLOY = join(import.meta.dirname, '../../../relay/deploy');
const ALERTS = join(DEPLOY, 'alerts.yml');

interface Panel {
  title: string;
  targets: { expr: string }[];
}

const alerts = readFileSync(ALERTS, 'utf8');
const { panels } = JSON.parse(readFileSync(join(DEPLOY, 'dashboard.json'), 'utf8')) as { panels: Panel[] };
const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

describe('a relay that has just started', () => {
  let relay: TestRelay;
  let series: string[];
  beforeAll(async () => {
    relay = await startTestRelay(STORES[0]);
    series = (await metricsOf(relay.url)).split('\n');
  });
  afterAll(() => relay.stop());

  /** Each series that an expression names: one for each value of a label that is spelled out. */
  function seriesIn(text: string): string[] {
    return [...text.matchAll(/\b((?:relay|process|nodejs)_[a-z0-9_]+)(?:\{([^}]*)\})?/g)].flatMap(
      ([, name = '', labels = '']) => {
        const [, label, values = ''] = labels.match(/^(reason|kind|outcome)=~?"([^"]*)"$/) ?? [];
        return label ? values.split('|').map((value) => `${name}{${label}="${value}"}`) : [name];
      },
    );
  }

  it.each([
    ['the alert rules', alerts],
    ['the dashboard', expressions.join('\n')],
  ])('has each series that %s look at', (_, text) => {
    const wanted = [...new Set(seriesIn(text))];
    expect(wanted.length).toBeGreaterThan(5);
    const missing = wanted.filter((one) => !series.some((line) => line.startsWith(one)));
    expect(missing).toEqual([]);
  });

  it('names its version', () => {
    const { version } = JSON.parse(readFileSync(join(DEPLOY, '../package.json'), 'utf8'));
    expect(series).toContain(`relay_info{version="${version}"} 1`);
  });
});

test('the dashboard has a panel and the rules an alert for each thing that needs a person', () => {
  const both = [
    'relay_hooks_failing',
    'relay_deliveries_dead_total',
    'relay_subscriptions_ended',
    'relay_inbox_oldest_age_seconds',
    'relay_last_gap_timestamp_seconds',
    'relay_events_refused_total',
  ];
  for (const name of both) {
    expect([name, alerts.includes(name)]).toEqual([name, true]);
    expect([name, expressions.some((expr) => expr.includes(name))]).toEqual([name, true]);
  }
  expect(panels.every(({ title, targets }) => title !== '' && targets.length > 0)).toBe(true);
});

describe('in Prometheus’s own eyes', () => {
  const promtool = findPromtool();

  function run(...args: string[]): void {
    if (promtool === null) return;
    const { status, stdout, stderr } = spawnSync(promtool, args, { encoding: 'utf8' });
    expect({ status, said: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, said: '' });
  }

  it('the rules are well made', () => run('check', 'rules', ALERTS));

  it('the expressions of the dashboard are well made', () => {
    const rules = expressions.map((expr, index) => ({ record: `panel:${index}`, expr }));
    const file = join(mkdtempSync(join(tmpdir(), 'panels-')), 'panels.yml');
    // JSON is YAML.
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'panels', rules }] }));
    run('check', 'rules', file);
  });

  it('the rules fire when they should, and not before', () => {
    const series = (name: string, values: string) => ({ series: name, values });
    const fires = (alertname: string, at: string, labels: object, summary: string, more: object = {}) => ({
      eval_time: at,
      alertname,
      exp_alerts: [{ exp_labels: labels, exp_annotations: { summary, ...more } }],
    });
    const silent = (alertname: string, at: string) => ({ eval_time: at, alertname, exp_alerts: [] });
    const warning = { severity: 'warning' };
    const critical = { severity: 'critical' };
    const cases = [
      {
        input: [series('relay_deliveries_dead_total', '0x10 1x30')],
        rules: [
          silent('RelayDeliveriesDead', '9m'),
          fires(
            'RelayDeliveriesDead',
            '14m',
            warning,
            'Deliveries were given up. They are kept for 14 days, and can be sent again.',
          ),
          silent('RelayDeliveriesDead', '40m'),
        ],
      },
      {
        // promtool's clock begins at 0: a gap that ended after ten minutes.
        input: [series('relay_last_gap_timestamp_seconds', '-9999x9 600x40')],
        rules: [
          silent('RelayGap', '9m'),
          fires(
            'RelayGap',
            '12m',
            warning,
            'For a time no relay took events. What HighLevel does not send again is read anew.',
          ),
          silent('RelayGap', '30m'),
        ],
      },
      {
        input: [series('relay_hooks_failing', '0x5 2x40')],
        rules: [
          silent('RelayHookOnlyFails', '15m'),
          fires('RelayHookOnlyFails', '25m', warning, '2 subscriptions have a hook that keeps failing.'),
        ],
      },
      {
        input: [
          series('relay_events_refused_total{reason="disk_full"}', '0x5 0+3x20'),
          series('relay_events_refused_total{reason="unsigned"}', '0+9x25'),
        ],
        rules: [
          silent('RelayEventsTurnedAway', '5m'),
          fires(
            'RelayEventsTurnedAway',
            '10m',
            { ...critical, reason: 'disk_full' },
            'Events cannot be stored (disk_full), and HighLevel is told to come back.',
          ),
        ],
      },
      {
        input: [series('up{job="highlevel-relay", instance="a"}', '1x3 0x10')],
        rules: [
          silent('RelayDown', '4m'),
          fires(
            'RelayDown',
            '8m',
            { ...critical, job: 'highlevel-relay', instance: 'a' },
            'The relay a cannot be scraped.',
            {
              description:
                'HighLevel repeats events for about an hour at least; what is not back by then is lost.',
            },
          ),
        ],
      },
      {
        input: [series('relay_inbox_oldest_age_seconds', '0x3 90x10')],
        rules: [
          silent('RelayEventsNotProcessed', '4m'),
          fires(
            'RelayEventsNotProcessed',
            '6m',
            critical,
            'Events that were acknowledged have waited for 1m 30s.',
          ),
        ],
      },
      {
        input: [
          series('relay_subscriptions_ended{reason="gone"}', '0x3 2x10'),
          series('relay_subscriptions_ended{reason="unsubscribed"}', '5x13'),
        ],
        rules: [
          silent('RelaySubscriptionsEnded', '2m'),
          fires(
            'RelaySubscriptionsEnded',
            '6m',
            { severity: 'info', reason: 'gone' },
            '2 subscriptions ended within the last hour (gone).',
          ),
        ],
      },
    ];
    const file = join(mkdtempSync(join(tmpdir(), 'alerts-')), 'test.yml');
    writeFileSync(
      file,
      JSON.stringify({
        rule_files: [ALERTS],
        tests: cases.map(({ input, rules }) => ({
          interval: '1m',
          input_series: input,
          alert_rule_test: rules,
        })),
      }),
    );
    run('test', 'rules', file);
  });
});
