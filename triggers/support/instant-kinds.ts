/** What differs between the kinds of events on opportunities, in one row each. */

import type { Opportunity } from '../../highlevel/opportunities/record.ts';
import type { OpportunityEventKind } from '../../wire/kinds.ts';

type Value = string | number | null;

interface InstantKind {
  /** What the change led to, as an opportunity shows it. */
  valueOf(opportunity: Pick<Opportunity, 'stage_id' | 'status' | 'monetary_value' | 'owner_id'>): Value;
  /** The type of the earlier and the later value. */
  type: 'string' | 'number';
  /** What the values are ids of; null for what has no name. */
  names: 'stages' | 'users' | null;
  /** Whether the opportunity is gone when its change arrives, so that the relay's memory of it is all there is. */
  gone: boolean;
  /** What a change looks like. It has no keys that could never be filled: a status has no name beside it. */
  sample: { from?: Value; from_name?: string; to?: Value; to_name?: string };
}

export const INSTANT_KINDS: Record<OpportunityEventKind, InstantKind> = {
  opportunity_created: {
    valueOf: () => null,
    type: 'string',
    names: null,
    gone: false,
    sample: {},
  },
  stage_changed: {
    valueOf: ({ stage_id }) => stage_id,
    type: 'string',
    names: 'stages',
    gone: false,
    sample: {
      from: '7915dedc-8f18-44d5-8bc3-77c04e994a10',
      from_name: 'Contacted',
      to: 'e93ba61a-53b3-45e7-985a-c7732dbcdb69',
      to_name: 'Proposal Sent',
    },
  },
  status_changed: {
    valueOf: ({ status }) => status,
    type: 'string',
    names: null,
    gone: false,
    sample: { from: 'open', to: 'won' },
  },
  value_changed: {
    valueOf: ({ monetary_value }) => monetary_value,
    type: 'number',
    names: null,
    gone: false,
    sample: { from: 3500, to: 4800 },
  },
  owner_changed: {
    valueOf: ({ owner_id }) => owner_id,
    type: 'string',
    names: 'users',
    gone: false,
    sample: {
      from: 'zT46WSCPbudrq4zhWMk6',
      from_name: 'Sam Okafor',
      to: '082goXVW3lIExEQPOnd3',
      to_name: 'Maria Lopez',
    },
  },
  opportunity_changed: {
    valueOf: () => null,
    type: 'string',
    names: null,
    gone: false,
    sample: {},
  },
  opportunity_deleted: {
    valueOf: () => null,
    type: 'string',
    names: null,
    gone: true,
    sample: {},
  },
};
