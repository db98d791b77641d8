/** The inputs of every operation, collected from their own test files. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Inputs } from './operation.ts';

const ROOT = join(import.meta.dirname, '../..');
const ALL: Inputs = {};
/** Which file has an operation's inputs. */
const FILES: Record<string, string> = {};

for (const file of globSync('test/{triggers,creates,searches}/*.test.ts', { cwd: ROOT })) {
  const path = join(ROOT, file);
  // Any other test file would add its tests to those of the file that asks for the inputs.
  if (!readFileSync(path, 'utf8').includes('export const inputs: Inputs')) continue;
  const { inputs } = (await import(path)) as { inputs: Inputs };
  for (const [key, one] of Object.entries(inputs)) {
    if (FILES[key]) throw new Error(`Both ${FILES[key]} and ${file} have inputs of "${key}".`);
    ALL[key] = one;
    FILES[key] = file;
  }
}

/** The keys of all operations that have inputs. */
export const INPUT_KEYS = Object.keys(ALL);

/** @throws Error that says where they belong, for an operation without inputs */
export function inputsOf(key: string): Inputs[string] {
  const found = ALL[key];
  if (found) return found;
  throw new Error(
    `Give "${key}" its inputs: export const inputs: Inputs = { ${key}: … } in its own test file, as test/searches/find_user.test.ts does.`,
  );
}
