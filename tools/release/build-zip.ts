import { copyFileSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BUILDS, readBuild } from './builds.ts';
import { zapierCli } from './cli.ts';
import { layOut, ROOT } from './layout.ts';

// Validation is left to `npm run validate`: the CLI's own asks Zapier's server for style checks, so it fails offline.
const { build } = readBuild(
  process.argv.slice(2),
  `npm run build:zip -- [flags]
  Makes the zip that a push would send, in build/.
  --auth WAY  the build: oauth or private-token (default oauth)`,
);
const folder = layOut(build);
const code = zapierCli(folder, ['build', '--skip-validation', '--skip-dep-install']);
if (code === 0) {
  const { zip } = BUILDS[build];
  const target = join(ROOT, 'build', zip);
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  copyFileSync(join(folder, 'build/build.zip'), target);
  console.log(`build/${zip}, ${Math.round(statSync(target).size / 1024)} KB`);
}
rmSync(folder, { recursive: true, force: true });
process.exitCode = code;
