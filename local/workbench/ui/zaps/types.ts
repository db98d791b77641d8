import type { Outputs } from '../api.ts';

export type ZapDetail = Outputs['zaps']['get'];
export type Node = ZapDetail['nodes'][number];
export type FormField = Outputs['zaps']['form'][number]['fields'][number];

/** What every input of a field is given. */
export interface InputProps {
  field: FormField;
  zap: ZapDetail;
  node: Node;
  value: string;
  /** @param label what the person saw when they chose it */
  onChange: (value: string, label?: string) => void;
  /** The ids of what names and explains it. */
  labelledBy: string;
  describedBy: string;
  /** Which of several values of a list it is. */
  number?: number;
}
