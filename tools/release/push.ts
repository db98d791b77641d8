import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { zapierCli } from './cli.ts';
import { ROOT, stage } from './stage.ts';

const link = join(ROOT, '.zapierapprc');
if (existsSync(link)) {
  const folder = stage();
  copyFileSync(link, join(folder, '.zapierapprc'));
  process.exitCode = zapierCli(folder, ['push', '--skip-dep-install', ...process.argv.slice(2)]);
  rmSync(folder, { recursive: true, force: true });
} else {
  console.error(
    'This folder is not linked to an integration of yours yet. Run these once, then push again:\n' +
      '  npm run zapier -- login\n' +
      '  npm run zapier -- register "HighLevel Opportunities"',
  );
  process.exitCode = 1;
}
