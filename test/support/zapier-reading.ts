import readInputs from 'zapier-platform-cli/src/oclif/commands/invoke/input-types.js';
import type { Connection } from './connection.ts';

/**
 * Runs an operation with inputs as a Zap gives them: text, which Zapier reads by the type of each field before the app
 * sees it, here by the code of its own command line.
 *
 * @param operation such as `creates.create_opportunity`
 * @param timezone the Zap's
 */
export async function runAsZap<T = Record<string, unknown>>(
  { run }: Connection,
  operation: string,
  inputData: Record<string, string>,
  timezone = 'America/Chicago',
): Promise<T> {
  const meta = { timezone };
  const fields = await run<{ key: string; type?: string }[]>(
    `${operation}.operation.inputFields`,
    inputData,
    { meta },
  );
  return run<T>(`${operation}.operation.perform`, readInputs({ ...inputData }, fields, timezone), { meta });
}
