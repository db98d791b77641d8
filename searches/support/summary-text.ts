/** A summary as text to post or mail. Amounts bear no currency, because HighLevel sends none. */

import type { SummaryNumbers } from './summary.ts';
import type { OpportunityLine, OwnerLine, StageLine } from './summary-lines.ts';

export interface SummaryHead {
  pipeline_name: string | null;
  /** YYYY-MM-DD */
  period_start: string;
  /** YYYY-MM-DD */
  period_end: string;
  time_zone: string;
  /** Opportunities that are in no number, because HighLevel gave them without an ID or with values that cannot be read. */
  left_out_count: number;
}

interface Style {
  /** Of text that a person wrote, where signs may mean something. */
  plain: (text: string) => string;
  heading: (text: string) => string;
  link: (text: string, url: string) => string;
}

const PLAIN: Style = { plain: oneLine, heading: oneLine, link: oneLine };

const MARKDOWN: Style = {
  plain: escapeMarkdown,
  heading: (text) => `**${escapeMarkdown(text)}**`,
  link: (text, url) => `[${escapeMarkdown(text)}](${url})`,
};

const MOST_LINES = 15;

export function summaryText(head: SummaryHead, numbers: SummaryNumbers): string {
  return write(head, numbers, PLAIN);
}

export function summaryMarkdown(head: SummaryHead, numbers: SummaryNumbers): string {
  return write(head, numbers, MARKDOWN);
}

function write(head: SummaryHead, numbers: SummaryNumbers, style: Style): string {
  const stages = numbers.stages.filter(({ open_count }) => open_count > 0);
  const sections = [
    section(titleOf(head), [...totals(numbers), ...leftOut(head)], style),
    section(
      'Open by stage',
      stages.map((line) => stageText(line, head, style)),
      style,
    ),
    section(
      'By owner',
      numbers.owners.map((line) => ownerText(line, style)),
      style,
    ),
    section(
      'Largest open opportunities',
      numbers.largest_opportunities.map((line) => opportunityText(line, style)),
      style,
    ),
    section(
      'Longest in their stage',
      numbers.stalest_opportunities.map((line) => staleText(line, style)),
      style,
    ),
  ];
  return sections.filter((text) => text !== null).join('\n\n');
}

function section(title: string, lines: string[], style: Style): string | null {
  if (lines.length === 0) return null;
  const more = lines.length > MOST_LINES ? [`and ${count(lines.length - MOST_LINES)} more`] : [];
  const shown = [...lines.slice(0, MOST_LINES), ...more].map((line) => `- ${line}`);
  return [style.heading(title), ...(style === MARKDOWN ? [''] : []), ...shown].join('\n');
}

function titleOf({ pipeline_name, period_start, period_end, time_zone }: SummaryHead): string {
  const days = period_start === period_end ? day(period_start) : `${day(period_start)} to ${day(period_end)}`;
  return `${pipeline_name ?? 'All pipelines'}: ${days} (${time_zone})`;
}

function totals(numbers: SummaryNumbers): string[] {
  const { weighted_value, no_probability_count: unknown, win_rate, won_count, lost_count } = numbers;
  const without = unknown > 0 ? `, without ${opportunities(unknown)} of unknown probability` : '';
  return [
    `Open now: ${sum(numbers.open_count, numbers.open_value)}`,
    `Weighted forecast: ${money(weighted_value)}${without}`,
    `Created: ${sum(numbers.created_count, numbers.created_value)}`,
    `Won: ${sum(won_count, numbers.won_value)}`,
    `Lost: ${sum(lost_count, numbers.lost_value)}`,
    `Abandoned: ${sum(numbers.abandoned_count, numbers.abandoned_value)}`,
    win_rate === null
      ? 'Win rate: none, as no opportunity was won or lost'
      : `Win rate: ${win_rate}% (${count(won_count)} of ${count(won_count + lost_count)})`,
  ];
}

function leftOut({ left_out_count: number }: SummaryHead): string[] {
  return number === 0
    ? []
    : [
        `Not counted: ${opportunities(number)} that HighLevel gave without an ID or with values that cannot be read`,
      ];
}

function stageText(line: StageLine, { pipeline_name }: SummaryHead, { plain }: Style): string {
  const name = pipeline_name === null ? `${line.pipeline_name}, ${line.stage_name}` : line.stage_name;
  return `${plain(name)}: ${sum(line.open_count, line.open_value)}`;
}

function ownerText(line: OwnerLine, { plain }: Style): string {
  const closed = [
    line.won_count > 0 ? `, won ${sum(line.won_count, line.won_value)}` : '',
    line.lost_count > 0 ? `, lost ${opportunities(line.lost_count)}` : '',
  ];
  return `${plain(line.owner_name)}: open ${sum(line.open_count, line.open_value)}${closed.join('')}`;
}

function opportunityText(line: OpportunityLine, style: Style): string {
  const where = [line.stage_name, line.owner_name].filter((name) => name !== null).join(', ');
  return `${style.link(line.name, line.url)}: ${money(line.monetary_value)}${where && ` (${style.plain(where)})`}`;
}

function staleText(line: OpportunityLine, style: Style): string {
  const days = line.days_in_stage === 1 ? '1 day' : `${count(line.days_in_stage)} days`;
  const where = line.stage_name === null ? '' : ` in ${style.plain(line.stage_name)}`;
  return `${style.link(line.name, line.url)}: ${days}${where}, worth ${money(line.monetary_value)}`;
}

function sum(number: number, value: number): string {
  return number === 0 ? 'none' : `${opportunities(number)} worth ${money(value)}`;
}

function opportunities(number: number): string {
  return number === 1 ? '1 opportunity' : `${count(number)} opportunities`;
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** Cents only where there are some, and then both digits. */
function money(value: number): string {
  const digits = Number.isInteger(value) ? 0 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function day(text: string): string {
  return new Date(`${text}T00:00:00Z`).toLocaleDateString('en-US', { dateStyle: 'medium', timeZone: 'UTC' });
}

/** A line break in a name would end its line. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function escapeMarkdown(text: string): string {
  return oneLine(text).replace(/[\\`*_[\]<>#|~]/g, (sign) => `\\${sign}`);
}
