import { isFields } from '../app/definition.ts';

export type AuthData = Record<string, string | number | boolean>;

/** A connected account, as Zapier keeps it. The runner writes new tokens into it. */
export type Connection = {
  readonly id: string;
  /** Whose it is; several connections may be one person's. */
  readonly user: string;
  authData: AuthData;
  label: string;
  /** True once the app refused to refresh: triggers then skip their polls and actions are held [docs]. */
  stale: boolean;
  /** Goes up with every refresh. */
  version: number;
};

/**
 * What is kept of a token answer: top-level values only, as a nested one cannot be stored [docs]. Numbers stay
 * numbers [assumed].
 */
export function keepTopLevel(results: unknown): AuthData {
  const kept: AuthData = {};
  for (const [key, value] of Object.entries(isFields(results) ? results : {})) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      kept[key] = value;
  }
  return kept;
}
