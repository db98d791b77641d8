import type { Outputs } from '../api.ts';

export type Card = Outputs['boards']['cards']['cards'][number];
export type Account = Outputs['boards']['account'];
export type OpportunityDetail = NonNullable<Outputs['boards']['opportunity']>;
