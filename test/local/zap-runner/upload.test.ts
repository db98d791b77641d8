import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import App from '../../../index.ts';
import { signIn } from '../../../local/demo/scenario.ts';
import { type Sandbox, startSandbox } from '../../../local/sandbox/index.ts';
import { createRunner, type Runner } from '../../../local/zap-runner/index.ts';
import { AMPLE } from '../../support/ample.ts';

/** A file of an earlier step, which the runner keeps on loopback, where the app fetches nothing from by itself. */
describe('upload_file in the runner', () => {
  let sandbox: Sandbox;
  const runners: Runner[] = [];
  beforeAll(async () => {
    sandbox = await startSandbox({ opportunities: 3, ...AMPLE });
  });
  afterAll(async () => {
    for (const runner of runners) await runner.close();
    await sandbox.close();
    delete process.env.FILE_ORIGINS;
  });

  const upload = async (options: { fileOriginsIn?: string }) => {
    // core leaves what an earlier runner set.
    delete process.env.FILE_ORIGINS;
    const runner = await createRunner({
      app: App,
      environment: {
        HIGHLEVEL_API_URL: sandbox.url,
        HIGHLEVEL_MARKETPLACE_URL: sandbox.url,
        CLIENT_ID: sandbox.clientId,
        CLIENT_SECRET: sandbox.clientSecret,
        HIGHLEVEL_EXTRA_SCOPES: 'locations/customFields.write',
      },
      ...options,
    });
    runners.push(runner);
    const connection = await runner.connect({
      browse: signIn(sandbox),
      fields: { login_host: 'gohighlevel' },
    });
    const file = runner.keepFile(Buffer.from('%PDF-1.7'), 'Angebot größer.pdf', 'application/pdf');
    return runner.call(
      'create',
      'upload_file',
      { file, field: 'Proposal File', opportunity_id: sandbox.seeded.opportunityIds[0] },
      connection,
    );
  };

  it('takes a file of the runner where the app is told its origin', async () => {
    const { results } = await upload({ fileOriginsIn: 'FILE_ORIGINS' });
    expect(results).toMatchObject({ is_kept: true, file_name: 'Angebot größer.pdf', file_size: 8 });
  });

  it('is refused it where not, as it would be from any closed address', async () => {
    await expect(upload({})).rejects.toThrow(/not a public address|private|closed/i);
  });
});
