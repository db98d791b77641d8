import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectWithToken } from '../../highlevel/connect.ts';
import { problemOf } from '../../highlevel/http/problem.ts';
import { type Sandbox, startSandbox } from '../../local/sandbox/index.ts';
import { AMPLE } from '../support/ample.ts';
import { errorOf } from '../support/connection.ts';
import { scripted } from '../support/scripted.ts';

describe('HighLevel by plain fetch and a token', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox(AMPLE);
  });
  afterAll(() => sandbox.close());

  const highlevel = (token = sandbox.accessToken) =>
    connectWithToken({ apiUrl: sandbox.url, token, locationId: sandbox.locationId });

  it('is the one that a Zap’s run has', async () => {
    const { account, opportunities } = highlevel();
    const [pipeline] = await account.pipelines.all();
    const [id = ''] = sandbox.seeded.opportunityIds;
    expect(await opportunities.presentOne(await opportunities.get(id))).toMatchObject({
      id,
      pipeline_name: expect.any(String),
    });
    expect(await account.resolvePipeline(pipeline?.name ?? '')).toEqual(pipeline);
  });

  it('sends the version, its own name and the token', async () => {
    sandbox.clearRequests();
    await highlevel().account.pipelines.fresh();
    expect(sandbox.requests()[0]).toMatchObject({
      headers: { version: 'v3', 'user-agent': 'HighLevel-Opportunities-for-Zapier/1.0' },
      token: { present: true },
    });
  });

  it('remembers lists for as long as it lives', async () => {
    const { account } = highlevel();
    await account.pipelines.all();
    sandbox.clearRequests();
    await account.pipelines.all();
    expect(sandbox.requests()).toEqual([]);
  });

  it('tells of a refusal by a sentence, a 401 too', async () => {
    const error = await errorOf(highlevel('a-bad-token').account.pipelines.all());
    expect(error.message).toMatch(/^HighLevel could not list the pipelines: .*reconnect HighLevel/);
    expect(problemOf(error)).toMatchObject({ kind: 'unauthorized', status: 401 });
    const halted = await errorOf(highlevel().opportunities.update('nobody', {}));
    expect(halted.name).toBe('HaltedError');
  });

  it('tells of no answer by a sentence', async () => {
    const nowhere = connectWithToken({ apiUrl: 'http://127.0.0.1:9', token: 't', locationId: 'l1' });
    expect((await errorOf(nowhere.account.pipelines.all())).message).toMatch(
      /^HighLevel could not list the pipelines: the connection to it broke\./,
    );
  });
});

describe('HighLevel of a Zap’s run', () => {
  it('is one for each run', () => {
    const { z, bundle, highlevel } = scripted(() => ({}));
    const other = scripted(() => ({}));
    expect(highlevel.locationId()).toBe('l1');
    expect(other.highlevel).not.toBe(highlevel);
    bundle.authData.scope = 'contacts.readonly';
    expect(highlevel.hasScope('users.readonly')).toBe(false);
    expect(z.errors.Error).toBe(highlevel.errors.Error);
  });
});
