import { fieldIdsOf, inAccount } from '../../zaps/harness/account.ts';
import { stories } from '../../zaps/stories/index.ts';
import type { Sandbox } from '../sandbox/index.ts';
import type { Example } from '../workbench/workbench.ts';

/** The whole Zaps of zaps/, as they would be built in the sandbox's account, for the workbench to open. */
export function examplesIn({ seeded }: Sandbox): Example[] {
  const fields = fieldIdsOf(seeded);
  return stories.map(({ name, title, who, samples, zaps }) => ({
    name,
    title,
    who,
    samples,
    zaps: zaps.map(({ zap, startedBy }) => ({ zap: inAccount(zap, fields), startedBy })),
  }));
}

/** The names that the fields of the sandbox's account bear in zaps/, by their ids. */
export function fieldNamesIn({ seeded }: Sandbox): Map<string, string> {
  return new Map([...fieldIdsOf(seeded)].map(([name, id]) => [id, name]));
}
