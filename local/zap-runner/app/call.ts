import type { Connection } from '../connection/connection.ts';
import type { Fields } from './definition.ts';

/** `bundle.meta` as production always gives it [source core/types/custom.d.ts]. */
export type Meta = {
  isBulkRead: boolean;
  isFillingDynamicDropdown: boolean;
  isLoadingSample: boolean;
  isPopulatingDedupe: boolean;
  isTestingAuth: boolean;
  /** -1: no limit. Which limit Zapier gives for samples is not established, so none is given [assumed]. */
  limit: number;
  page: number;
  timezone: string | null;
  withSearch?: string;
  paging_token?: string;
  inputFields: Record<string, Fields>;
};

/** One call into the app. `method` is the path within the app; the rest becomes the bundle. */
export type Call = {
  method: string;
  connection?: Connection;
  inputData?: Fields;
  /** The input before references were filled in [docs inputDataRaw]; the inputData where absent. */
  inputDataRaw?: Fields;
  meta?: Partial<Meta>;
  extra?: Fields;
  /** Allows z.cursor. */
  storeKey?: string;
};

export type Reply = { results: unknown; status?: string; requests: number; ms: number };
