import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import AdmZip from 'adm-zip';
import { type Sandbox, startSandbox } from '../../../local/sandbox/index.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../../..');
const CLI = join(ROOT, 'node_modules/zapier-platform-cli/src/bin/run');

/** What Zapier's runtime does with the zip: import the wrapper, call the handler with an event, take the answer. */
const RUNTIME = `
  let text = '';
  for await (const chunk of process.stdin) text += chunk;
  const { handler } = await import(process.cwd() + '/zapierwrapper.js');
  const { results } = await handler(JSON.parse(text));
  process.stdout.write('\\n=' + JSON.stringify(results));
  process.exit(0);
`;

describe('what is pushed to Zapier', () => {
  let folder: string;
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await startSandbox();
    await run(process.execPath, [join(ROOT, 'tools/release/build-zip.ts')], { cwd: ROOT });
    folder = mkdtempSync(join(tmpdir(), 'unzipped-'));
    new AdmZip(join(ROOT, 'build/build.zip')).extractAllTo(folder);
  }, 120_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await sandbox.close();
  });

  const call = async (event: object) => {
    const runtime = run(process.execPath, ['--input-type=module', '-e', RUNTIME], { cwd: folder });
    runtime.child.stdin?.end(JSON.stringify(event));
    const { stdout } = await runtime;
    return JSON.parse(stdout.slice(stdout.indexOf('\n=') + 2));
  };

  it('is small: core, one bundle and three small files', () => {
    const own = new AdmZip(join(ROOT, 'build/build.zip'))
      .getEntries()
      .map(({ entryName }) => entryName)
      .filter((name) => !name.startsWith('node_modules/'));
    expect(own.sort()).toEqual(['definition.json', 'dist/index.js', 'package.json', 'zapierwrapper.js']);
    expect(statSync(join(ROOT, 'build/build.zip')).size).toBeLessThan(800 * 1024);
  });

  it('boots from the zip alone and runs an operation through its handler', async () => {
    const rows = await call({
      command: 'execute',
      method: 'triggers.new_opportunity.operation.perform',
      bundle: {
        authData: {
          access_token: sandbox.accessToken,
          locationId: sandbox.locationId,
          companyId: sandbox.companyId,
        },
        inputData: { pipeline_id: 'Sales' },
        meta: {},
      },
      environment: { HIGHLEVEL_API_URL: sandbox.url },
      zcacheTestObj: {},
      calledFromCli: true,
    });
    expect(rows.length).toBeGreaterThan(0);
    expect(rows[0]).toMatchObject({ pipeline_name: 'Sales', location_id: sandbox.locationId });
  });

  it('passes Zapier’s own structural validation', async () => {
    const { stdout } = await run(
      process.execPath,
      [CLI, 'validate', '--without-style', '--skip-build', '--format', 'json'],
      { cwd: ROOT },
    );
    expect(stdout).toMatch(/\[\]/);
  }, 60_000);
});
