import { copyFileSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { zapierCli } from './cli.ts';
import { ROOT, stage } from './stage.ts';

// Validation is left to `npm run validate`: the CLI's own asks Zapier's server for style checks, so it fails offline.
const folder = stage();
const code = zapierCli(folder, ['build', '--skip-validation', '--skip-dep-install']);
if (code === 0) {
  const target = join(ROOT, 'build');
  mkdirSync(target, { recursive: true });
  copyFileSync(join(folder, 'build/build.zip'), join(target, 'build.zip'));
  console.log(`build/build.zip, ${Math.round(statSync(join(target, 'build.zip')).size / 1024)} KB`);
}
rmSync(folder, { recursive: true, force: true });
process.exitCode = code;
