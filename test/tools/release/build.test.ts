import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import AdmZip from 'adm-zip';
import { type Sandbox, startSandbox } from '../../../local/sandbox/index.ts';
import { BUILDS, type BuildName, LATER } from '../../../tools/release/builds.ts';
import { layOut } from '../../../tools/release/layout.ts';
import { refusal, remember } from '../../../tools/release/link.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../../..');
const CLI = join(ROOT, 'node_modules/zapier-platform-cli/src/bin/run');

/** What Zapier's runtime does with the zip: import the wrapper, call the handler with an event, take the answer. */
const RUNTIME = `
  let text = '';
  for await (const chunk of process.stdin) text += chunk;
  const { handler } = await import(process.cwd() + '/zapierwrapper.js');
  const { results } = await handler(JSON.parse(text));
  process.stdout.write('\\n=' + JSON.stringify(results), () => process.exit(0));
`;

describe.each(Object.keys(BUILDS) as BuildName[])('what is pushed to Zapier of the build %s', (build) => {
  const zip = join(ROOT, 'build', BUILDS[build].zip);
  let folder: string;
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await startSandbox();
    await run(process.execPath, [join(ROOT, 'tools/release/build-zip.ts'), `--auth=${build}`], { cwd: ROOT });
    folder = mkdtempSync(join(tmpdir(), 'unzipped-'));
    new AdmZip(zip).extractAllTo(folder);
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

  /** A step of a Zap, as an event to the handler. */
  const step = (method: string, inputData: object) => ({
    command: 'execute',
    method,
    bundle: {
      authData: {
        access_token: sandbox.mintToken({ private: build === 'private-token' }).accessToken,
        locationId: sandbox.locationId,
      },
      inputData,
      meta: {},
    },
    environment: { HIGHLEVEL_API_URL: sandbox.url },
    zcacheTestObj: {},
    calledFromCli: true,
  });

  it('is small: core, a bundle with what it loads later, and three small files', () => {
    const own = new AdmZip(zip)
      .getEntries()
      .map(({ entryName }) => entryName)
      .filter((name) => !name.startsWith('node_modules/'));
    const later = readdirSync(join(ROOT, 'dist', LATER)).map((name) => `dist/${LATER}/${name}`);
    expect(own.sort()).toEqual([
      'definition.json',
      'dist/index.js',
      ...later.sort(),
      'package.json',
      'zapierwrapper.js',
    ]);
    expect(statSync(zip).size).toBeLessThan(800 * 1024);
  });

  it('boots from the zip alone and runs an operation through its handler', async () => {
    const rows = await call(step('triggers.new_opportunity.operation.perform', { pipeline_id: 'Sales' }));
    expect(rows.length).toBeGreaterThan(0);
    expect(rows[0]).toMatchObject({ pipeline_name: 'Sales', location_id: sandbox.locationId });
  });

  it('loads from the zip what few steps need', async () => {
    const [listed] = await call(
      step('searches.list_opportunities.operation.perform', { created_from: 'January 1, 2001' }),
    );
    expect(listed.count).toBeGreaterThan(0);
  });

  it('has its own kind of connection', async () => {
    const definition = await call({ command: 'definition', bundle: {}, calledFromCli: true });
    expect(definition.authentication.type).toBe(build === 'oauth' ? 'oauth2' : 'custom');
  });

  it('passes Zapier’s own structural validation', async () => {
    const folder = layOut(build);
    try {
      const { stdout } = await run(
        process.execPath,
        [CLI, 'validate', '--without-style', '--skip-build', '--format', 'json'],
        { cwd: folder },
      );
      expect(stdout).toMatch(/\[\]/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});

describe('a push', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'links-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A folder in which these builds are linked to the integrations with these ids. */
  const linked = (links: Partial<Record<BuildName, object>>): string => {
    const root = mkdtempSync(join(folder, 'root-'));
    for (const [build, link] of Object.entries(links)) {
      writeFileSync(join(root, BUILDS[build as BuildName].link), JSON.stringify(link));
    }
    return root;
  };

  it('is let through where each build has an integration of its own', () => {
    const root = linked({ oauth: { id: 1, key: 'App1' }, 'private-token': { id: 2, key: 'App2' } });
    expect(refusal(root, 'oauth')).toBeNull();
    expect(refusal(root, 'private-token')).toBeNull();
  });

  it('is refused where its build was never registered, with the commands that do it', () => {
    expect(refusal(linked({}), 'oauth')).toMatch(
      /^To give the sign-in build an integration of its own, .*\n.*login\n {2}npm run zapier -- register "/,
    );
    expect(refusal(linked({ oauth: { id: 1 } }), 'private-token')).toMatch(
      /ZAPIER_CURRENT_APP_FILE=\.zapierapprc\.private-token npm run zapier -- register "/,
    );
  });

  it('is refused where both builds are linked to one integration', () => {
    const root = linked({ oauth: { id: 7 }, 'private-token': { id: 7 } });
    for (const build of ['oauth', 'private-token'] as const) {
      expect(refusal(root, build)).toMatch(/name the same integration, 7\. Each build needs its own/);
    }
  });

  it('is refused where the other build was pushed to that integration before', () => {
    const root = linked({ oauth: { id: 7, key: 'App7' } });
    remember(root, 'oauth');
    expect(JSON.parse(readFileSync(join(root, '.zapierapprc'), 'utf8'))).toEqual({
      id: 7,
      key: 'App7',
      build: 'oauth',
    });
    expect(refusal(root, 'oauth')).toBeNull();
    const moved = linked({ 'private-token': { id: 7, build: 'oauth' } });
    expect(refusal(moved, 'private-token')).toMatch(
      /names integration 7, which holds the sign-in build\. Pushing the private token build over it would break every connection/,
    );
  });

  it('says so on the command line, before it lays anything out', async () => {
    const push = (...args: string[]) =>
      run(process.execPath, [join(ROOT, 'tools/release/push.ts'), ...args], { cwd: ROOT });
    if (existsSync(join(ROOT, BUILDS['private-token'].link))) return;
    await expect(push('--auth=private-token')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^To give the private token build an integration of its own/),
    });
    await expect(push('--auth', 'api-key')).rejects.toMatchObject({
      code: 1,
      stderr: '--auth=api-key: there is no such build. There are: oauth, private-token.\n',
    });
  });
});
