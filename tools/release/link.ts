import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILDS, type BuildName } from './builds.ts';

/** What Zapier's command line writes when an integration is registered or linked, and the build that was pushed to it. */
interface Link {
  id: number;
  build?: BuildName;
}

/**
 * Why a build may not be pushed from a folder, in a sentence for the person who pushes; null where it may. Each build
 * has an integration of its own at Zapier: pushed over the other, every connection that people made would break.
 *
 * @param root the folder with the link files
 */
export function refusal(root: string, build: BuildName): string | null {
  const own = readLink(root, build);
  if (!own) return notRegistered(build);
  if (own.build && own.build !== build) {
    return `${BUILDS[build].link} names integration ${own.id}, which holds ${BUILDS[own.build].called}. Pushing ${BUILDS[build].called} over it would break every connection that people made there. ${notRegistered(build)}`;
  }
  for (const other of otherBuilds(build)) {
    if (readLink(root, other)?.id === own.id) {
      return `${BUILDS[build].link} and ${BUILDS[other].link} name the same integration, ${own.id}. Each build needs its own: delete the file of the one that it was not registered for. ${notRegistered(build)}`;
    }
  }
  return null;
}

/** Notes in the link file which build its integration holds, so that the other is refused there from now on. */
export function remember(root: string, build: BuildName): void {
  const file = join(root, BUILDS[build].link);
  const link = JSON.parse(readFileSync(file, 'utf8')) as Link;
  writeFileSync(file, `${JSON.stringify({ ...link, build }, null, 2)}\n`);
}

function readLink(root: string, build: BuildName): Link | null {
  const file = join(root, BUILDS[build].link);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Link) : null;
}

const otherBuilds = (build: BuildName) => (Object.keys(BUILDS) as BuildName[]).filter((one) => one !== build);

function notRegistered(build: BuildName): string {
  const { link, called } = BUILDS[build];
  // The command line writes its own default file unless told otherwise. [source: zapier-platform-cli, constants]
  const where = build === 'oauth' ? '' : `ZAPIER_CURRENT_APP_FILE=${link} `;
  const name = build === 'oauth' ? 'HighLevel Opportunities' : 'HighLevel Opportunities (Private Token)';
  return (
    `To give ${called} an integration of its own, run these once, then push again:\n` +
    '  npm run zapier -- login\n' +
    `  ${where}npm run zapier -- register "${name}"`
  );
}
