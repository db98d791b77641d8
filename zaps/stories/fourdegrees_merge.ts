/**
 * What the Zaps between HighLevel and 4Degrees share, in both directions.
 *
 * What a Zap wrote in HighLevel starts no other Zap. Each run compares both sides as they stand with what they last
 * agreed on, which Storage by Zapier keeps for each deal: so edits on both sides are told apart, and what comes back from
 * 4Degrees, in whatever order events arrive. A Zap writes to the other side alone.
 */

import type { Step } from '../../local/zap-runner/index.ts';

/** Where Storage by Zapier keeps what both sides agreed on. */
const key = (deal: string) => `4degrees-deal-${deal}`;

export const known = (deal: string): Step => ({
  id: 'known',
  title: 'What both sides last agreed on',
  kind: 'storage',
  action: 'get_value',
  storeKey: key(deal),
});

export const remember = (
  id: string,
  title: string,
  deal: string,
  values: string | Record<string, unknown>,
): Step => ({
  id,
  title,
  kind: 'storage',
  action: 'set_child_values',
  storeKey: key(deal),
  values,
});

export const ifAnything: Step = {
  id: 'anything',
  title: 'Go on only if something is to be written',
  kind: 'filter',
  field: '{{merge.anything}}',
  op: 'exists',
};

/** @param to which side this Zap writes to. @param here the step that shows HighLevel's opportunity */
export const merge = (to: 'HighLevel' | '4Degrees', here: string): Step => ({
  id: 'merge',
  title: 'Compare both sides, field by field',
  kind: 'code',
  input: {
    to,
    known: '{{known.value}}',
    here_name: `{{${here}.name}}`,
    here_value: `{{${here}.monetary_value}}`,
    here_stage: `{{${here}.stage_name}}`,
    here_status: `{{${here}.status}}`,
    here_owner: `{{${here}.owner_email}}`,
    here_close_date: `{{${here}.expected_close_date}}`,
    there_name: '{{deal.name}}',
    there_value: '{{deal.value}}',
    there_stage: '{{deal.stage}}',
    there_status: '{{deal.status}}',
    there_owner: '{{deal.owner}}',
    there_close_date: '{{deal.close_date}}',
  },
  code: (inputData) => {
    const known = inputData.known ? JSON.parse(inputData.known) : {};
    // HighLevel tells of changes of these at once; those of name and close date are found minutes later.
    const instant = ['value', 'stage', 'status', 'owner'];
    const agreed: Record<string, string> = {};
    const write: Record<string, string> = {};
    const overruled: string[] = [];
    for (const field of ['name', 'value', 'stage', 'status', 'owner', 'close_date']) {
      const [here = '', there = ''] = [`here_${field}`, `there_${field}`].map((name) => {
        const text = (inputData[name] ?? '').trim();
        return field === 'value' && text !== '' ? String(Number(text)) : text;
      });
      const before = known[field];
      if (here === there) {
        if (here !== '') agreed[field] = here;
      } else if (inputData.to === 'HighLevel') {
        const changedHere = before !== undefined && here !== before;
        if (there !== '' && there !== before && !(changedHere && instant.includes(field)))
          write[field] = there;
      } else {
        const changedThere = before !== undefined && there !== before;
        if (here === '' || here === before || (changedThere && !instant.includes(field))) continue;
        write[field] = here;
        if (changedThere && there !== '') overruled.push(`${field} "${there}" by "${here}"`);
      }
    }
    return {
      agreed,
      write,
      anything: Object.keys(write).join(', '),
      overruled: overruled.join(', '),
    };
  },
});

/** What holds in both directions, in words. */
export const RULES = [
  'What a Zap wrote in HighLevel starts no Zap, as the instant triggers ignore changes made by this integration. What one wrote in 4Degrees starts the other once, which looks at both sides as they stand and at what they last agreed on, sees that they agree, and stops.',
  'Edits of different fields never get in each other’s way.',
  'Edits of one field on both sides, one after the other: once the first has been carried over, which takes seconds with instant triggers, the later edit wins.',
  'Edits of one field on both sides before either has been carried over: HighLevel wins for stage, status, value and owner, and 4Degrees gets a note of what was replaced; 4Degrees wins for name and close date. The order in which the Zaps run makes no difference.',
  'HighLevel does not tell of a changed name or close date by itself; Zapier finds those at its next look, every 1 to 15 minutes. Of an opportunity that is new, name and close date count as they are at the first look.',
  'A field that was emptied is left alone on the other side.',
  'Each side keeps the other’s ID. Within the second in which a Zap reads and writes, an edit by a person can still be overwritten: neither side offers a way to exclude that.',
];
