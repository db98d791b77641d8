import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BUILDS, readBuild } from './builds.ts';
import { zapierCli } from './cli.ts';
import { layOut, ROOT } from './layout.ts';
import { refusal, remember } from './link.ts';

const { build, rest } = readBuild(
  process.argv.slice(2),
  `npm run push -- [flags]
  Builds the app and pushes it to the integration that this folder is linked to. docs/publishing.md has what comes
  before and after.
  --auth WAY  the build to push: oauth or private-token (default oauth)
  Other flags go to Zapier's own push: npm run zapier -- push --help`,
);
const why = refusal(ROOT, build);
if (why) {
  console.error(why);
  process.exitCode = 1;
} else {
  const folder = layOut(build);
  copyFileSync(join(ROOT, BUILDS[build].link), join(folder, '.zapierapprc'));
  const code = zapierCli(folder, ['push', '--skip-dep-install', ...rest]);
  if (code === 0) remember(ROOT, build);
  process.exitCode = code;
  rmSync(folder, { recursive: true, force: true });
}
