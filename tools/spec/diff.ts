/**
 * Compares a newer copy of HighLevel's public docs with what this project was built on, in the operations and fields
 * that it uses; with `--renew` the newer copy becomes what the project is built on.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readFlags, refuse } from '../../local/command.ts';
import { compare } from './compare.ts';
import { type Digest, digest, usedPart } from './digest.ts';
import { VENDOR_REPOSITORY } from './vendor-docs.ts';

const BASE = join(import.meta.dirname, 'digest.json');

const USAGE = `npm run spec:diff -- PATH [flags]
  Compares a newer copy of HighLevel's public docs with what this project was built on, in the operations and fields
  that it uses. Ends with 1 where a change can break the project.
  PATH     the folder of the copy: git clone ${VENDOR_REPOSITORY}
  --renew  makes the newer copy what the project is built on`;

function main(path: string, renew: boolean): number {
  const now = read(resolve(path));
  if (!now) return 2;
  if (renew) {
    writeFileSync(BASE, `${JSON.stringify(usedPart(now), null, 2)}\n`);
    console.log(
      `${Object.keys(now).length} operations written to ${BASE}. Run "npm run format", and read the difference before you commit it.`,
    );
    return 0;
  }
  const changes = compare(JSON.parse(readFileSync(BASE, 'utf8')) as Digest, now);
  const breaking = changes.filter(({ weight }) => weight === 'breaks');
  if (changes.length === 0) {
    console.log('Nothing changed in what this project uses.');
    return 0;
  }
  for (const operation of new Set(changes.map((change) => change.operation))) {
    console.log(`\n${operation}`);
    for (const change of changes.filter((one) => one.operation === operation)) {
      console.log(`  ${change.weight === 'breaks' ? '!' : '-'} ${change.says}`);
    }
  }
  console.log(
    `\n${breaking.length} of ${changes.length} changes (marked !) can break this project. When it is mended, run this again with --renew.`,
  );
  return breaking.length > 0 ? 1 : 0;
}

function read(folder: string): Digest | null {
  try {
    return digest(folder);
  } catch (error) {
    console.error(`${folder} cannot be read as HighLevel's docs: ${(error as Error).message}\n\n${USAGE}`);
    return null;
  }
}

const { values, positionals } = readFlags(
  USAGE,
  { renew: { type: 'boolean', default: false } },
  { takesNames: true },
);
const [path] = positionals;
if (path === undefined || positionals.length > 1) refuse(`Give one folder.\n${USAGE}`);
else process.exitCode = main(path, values.renew);
