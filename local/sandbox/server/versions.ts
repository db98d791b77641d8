import { entryOf } from '../state/entry.ts';

/** Which of the API's two generations a call speaks. */
export type ApiVersion = 'v2' | 'v3';

/**
 * `Version` headers that HighLevel is known to take: the spec's dates, the official SDK's default 2023-02-21, and `v3`
 * [spec; recorded]. Any other is refused [measured by others].
 */
const KNOWN: Record<string, ApiVersion> = {
  '2021-04-15': 'v2',
  '2021-07-28': 'v2',
  '2023-02-21': 'v2',
  v3: 'v3',
};

/** @returns the generation a header asks for, or null if there is none such. */
export function versionOf(header: string | string[] | undefined): ApiVersion | null {
  return typeof header === 'string' ? (entryOf(KNOWN, header) ?? null) : null;
}
