import { describe, expect, it } from '@jest/globals';
import {
  resolveFollowers,
  resolveLostReason,
  resolveOpportunityField,
  resolveOwner,
  resolveOwnerFilter,
  resolvePipeline,
  resolvePipelineStages,
  resolveStage,
  resolveUser,
} from '../../../highlevel/account/resolve.ts';
import { type Asked, scripted } from '../../support/scripted.ts';

const stages = (...names: string[]) => names.map((name, position) => ({ id: `s-${name}`, name, position }));
const ACCOUNT = {
  pipelines: [
    { id: 'p1', name: 'Sales', stages: stages('New', 'Won over') },
    { id: 'p2', name: 'Service', stages: [...stages('Open'), { id: 's-new-2', name: 'New' }] },
    { id: 'p3', name: 'service' },
  ],
  users: [
    { id: 'u1', name: 'Ana Ruiz', email: 'ana@example.com' },
    { id: 'u2', name: 'Lee Park' },
  ],
  customFields: [{ id: 'f1', name: 'External ID', fieldKey: 'opportunity.external_id' }],
  lostReasons: Array.from({ length: 12 }, (_, at) => ({ id: `r${at}`, name: `Reason ${at}` })),
};

describe('what a person puts into a dropdown', () => {
  const account = (over: object = {}) => scripted((_: Asked) => ({ ...ACCOUNT, ...over }));

  it.each([
    ['p1', 'p1'],
    [' p1 ', 'p1'],
    ['Sales', 'p1'],
    ['  sALES ', 'p1'],
  ])('is a pipeline by "%s"', async (text, id) => {
    const { highlevel } = account();
    expect(await resolvePipeline(highlevel, text)).toMatchObject({ id });
  });

  it('is an error that says what there is', async () => {
    const { highlevel } = account();
    await expect(resolvePipeline(highlevel, 'Nope')).rejects.toMatchObject({
      name: 'HaltedError',
      message:
        'Pipeline: there is no pipeline called "Nope". There are: "Sales", "Service", "service". Choose one from the dropdown, or map its exact name.',
    });
  });

  it('is an error where two bear the name', async () => {
    const { highlevel } = account();
    await expect(resolvePipeline(highlevel, 'Service')).rejects.toThrow(
      'Pipeline: more than one pipeline is called "Service". Choose one from the dropdown instead.',
    );
  });

  it('is an error where there is nothing to choose', async () => {
    const { highlevel } = account({ lostReasons: [] });
    await expect(resolveLostReason(highlevel, 'Price')).rejects.toThrow(
      'Lost Reason: there is no lost reason called "Price". The list is empty in this sub-account. Choose one',
    );
  });

  it('names ten at the most, and says how many more there are', async () => {
    const { highlevel } = account();
    await expect(resolveLostReason(highlevel, 'Price')).rejects.toThrow(
      /"Reason 8", "Reason 9" and 2 more\. Choose/,
    );
  });

  const GONE = 'goneUser000000000000';

  it('is an error that says that a person left', async () => {
    const { highlevel, asked } = account();
    const sentence = `the user with the ID "${GONE}" is not in this sub-account, or not any more. Choose somebody else.`;
    await expect(resolveOwner(highlevel, GONE)).rejects.toThrow(`Owner: ${sentence}`);
    await expect(resolveFollowers(highlevel, ['u1', GONE])).rejects.toThrow(`Followers: ${sentence}`);
    expect(asked).toHaveLength(1);
  });

  it('is an owner to filter by, though the person left or users cannot be listed', async () => {
    const { highlevel } = account();
    expect(await resolveOwnerFilter(highlevel, GONE, 'Owner')).toBe(GONE);
    expect(await resolveOwnerFilter(highlevel, 'lee park', 'Owner')).toBe('u2');
    await expect(resolveOwnerFilter(highlevel, 'Nobody', 'New Owner')).rejects.toThrow(
      'New Owner: there is no user called "Nobody"',
    );
    const { highlevel: narrow, bundle, asked } = account();
    bundle.authData = { ...bundle.authData, scope: 'opportunities.readonly' };
    expect(await resolveOwnerFilter(narrow, GONE, 'Owner')).toBe(GONE);
    expect(asked).toEqual([]);
  });

  it('is a person by id, name or email address', async () => {
    const { highlevel } = account();
    for (const text of ['u1', 'ana  ruiz', 'ANA@example.com']) {
      expect(await resolveOwner(highlevel, text)).toMatchObject({ id: 'u1' });
    }
    await expect(resolveOwner(highlevel, '')).rejects.toThrow('Owner: there is no user called ""');
  });

  it('is several people, each once, by one request', async () => {
    const { highlevel, asked } = account();
    const found = await resolveFollowers(highlevel, ['u2', 'Ana Ruiz', 'ana@example.com']);
    expect(found.map(({ id }) => id)).toEqual(['u2', 'u1']);
    expect(asked).toHaveLength(1);
    await expect(resolveFollowers(highlevel, ['u2', 'Nobody'])).rejects.toThrow(
      'Followers: there is no user called "Nobody"',
    );
  });

  it('is a custom field by id, name or key', async () => {
    const { highlevel } = account();
    for (const text of ['f1', 'external id', 'external_id', 'opportunity.external_id']) {
      expect(await resolveOpportunityField(highlevel, text, 'Custom Field')).toMatchObject({ id: 'f1' });
    }
    await expect(resolveOpportunityField(highlevel, 'my.opportunity.x', 'Custom Field')).rejects.toThrow(
      'Custom Field: there is no custom field called "my.opportunity.x"',
    );
  });

  describe('is a stage', () => {
    const inPipeline = async (text: string, pipeline: string | null) => {
      const { highlevel } = account();
      return resolveStage(highlevel, text, pipeline ? await resolvePipeline(highlevel, pipeline) : null);
    };

    it('of the pipeline that was chosen', async () => {
      expect(await inPipeline('new', 'Sales')).toMatchObject({ id: 's-New' });
      expect(await inPipeline('New', 'p2')).toMatchObject({ id: 's-new-2' });
    });

    it('of any pipeline, where none was chosen', async () => {
      expect(await inPipeline('Open', null)).toMatchObject({ id: 's-Open' });
      await expect(inPipeline('New', null)).rejects.toThrow('Stage: more than one stage is called "New".');
      await expect(inPipeline('Nope', null)).rejects.toThrow(
        'Stage: there is no stage called "Nope". There are: "New", "Won over", "Open", "New".',
      );
    });

    it('and none of another pipeline', async () => {
      await expect(inPipeline('Open', 'Sales')).rejects.toThrow(
        'Stage: there is no stage of the pipeline "Sales" called "Open". There are: "New", "Won over".',
      );
    });
  });

  describe('where HighLevel does not give the list', () => {
    const ID = 'a1B2c3D4e5F6g7H8i9J0';
    const refusing = (status: number) => scripted(() => ({ status, data: { message: 'Not available' } }));

    it.each([400, 404, 422, 500])('stands for itself as an id (%i)', async (status) => {
      const { highlevel } = refusing(status);
      const stage = '7915dedc-8f18-44d5-8bc3-77c04e994a10';
      expect(await resolvePipeline(highlevel, ` ${ID} `)).toEqual({ id: ID, name: ID, stages: [] });
      expect(await resolveStage(highlevel, stage, null)).toMatchObject({ id: stage });
      expect(await resolveUser(highlevel, ID, 'Owner')).toEqual({ id: ID, name: null });
      expect(await resolveLostReason(highlevel, ID)).toMatchObject({ id: ID });
    });

    it('is not found as a name, and neither is what only the list tells', async () => {
      const { highlevel } = refusing(500);
      await expect(resolvePipeline(highlevel, 'Sales')).rejects.toThrow('could not list the pipelines');
      await expect(resolvePipelineStages(highlevel, ID)).rejects.toThrow('could not list the pipelines');
    });

    it('is an error as an id too, where Zapier has to wait or to renew the connection', async () => {
      await expect(resolvePipeline(refusing(429).highlevel, ID)).rejects.toMatchObject({
        name: 'ThrottledError',
      });
      await expect(resolvePipeline(refusing(401).highlevel, ID)).rejects.toMatchObject({
        name: 'RefreshAuthError',
      });
    });
  });

  it('costs nothing where the list is known, and is asked for once more where it lacks the name', async () => {
    const { highlevel, asked } = account();
    await resolvePipeline(highlevel, 'Sales');
    await resolvePipeline(highlevel, 'Sales');
    await resolveStage(highlevel, 'Open', null);
    expect(asked).toHaveLength(1);
    await expect(resolveStage(highlevel, 'Nope', null)).rejects.toThrow('no stage');
    expect(asked).toHaveLength(2);
  });
});
