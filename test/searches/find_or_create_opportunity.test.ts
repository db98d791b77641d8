import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { addContact } from '../../local/demo/scenario.ts';
import { type Sandbox, startSandbox } from '../../local/sandbox/index.ts';
import { AMPLE } from '../support/ample.ts';
import { type Running, startRunner } from '../support/runner.ts';

describe('find or create opportunity', () => {
  let sandbox: Sandbox;
  let zapier: Running;
  let contact_id: string;

  beforeEach(async () => {
    sandbox = await startSandbox(AMPLE);
    zapier = await startRunner(sandbox);
    contact_id = await addContact(sandbox, 'Priya Raman');
  });
  afterEach(async () => {
    await zapier.runner.close();
    await sandbox.close();
  });

  /** Runs a Zap whose only step finds or creates, as the editor's test does: for real. */
  const run = async (input: Record<string, unknown>, { runner, connection } = zapier) => {
    const step = {
      id: 'opportunity',
      kind: 'searchOrCreate' as const,
      key: 'find_opportunity',
      input: { contact_id, pipeline_id: 'Sales', name: 'Spring campaign', ...input },
    };
    const zap = { name: 'Opportunities', trigger: { key: 'new_opportunity' }, steps: [step] };
    const { task } = await runner.test(zap, connection, { steps: true });
    return { status: task?.status, message: task?.failure?.message, opportunity: task?.outputs.opportunity };
  };
  const made = () =>
    [...sandbox.state.opportunities.values()].filter(({ contactId }) => contactId === contact_id);

  it.each([
    true,
    false,
  ])('makes one opportunity of two runs within the lag, where duplicates are allowed: %s', async (allow) => {
    sandbox.setLocation(sandbox.locationId, { allowDuplicateOpportunity: allow });
    sandbox.setSettings({ searchLagMs: 3000 });
    const first = await run({});
    const second = await run({});
    expect(first).toMatchObject({
      status: 'success',
      opportunity: { name: 'Spring campaign', was_created: true },
    });
    expect(second).toMatchObject({ status: 'success', opportunity: { id: first.opportunity?.id } });
    expect(made()).toHaveLength(1);
  });

  it('makes one opportunity of two runs once the search has caught up', async () => {
    await run({});
    await run({});
    expect(made()).toHaveLength(1);
  });

  it('updates the opportunity that it finds, and never renames it', async () => {
    await run({ monetary_value: 100 });
    const { opportunity } = await run({ name: 'spring', name_match: 'part', monetary_value: 250 });
    expect(opportunity).toMatchObject({ name: 'Spring campaign', monetary_value: 250 });
    expect(made()).toMatchObject([{ name: 'Spring campaign', monetaryValue: 250 }]);
  });

  it('leaves an opportunity alone whose name only begins with the name', async () => {
    sandbox.setLocation(sandbox.locationId, { allowDuplicateOpportunity: true });
    await run({ monetary_value: 100 });
    const { opportunity } = await run({ name: 'Spring', monetary_value: 250 });
    expect(opportunity).toMatchObject({ name: 'Spring', was_created: true });
    expect(made()).toMatchObject([
      { name: 'Spring campaign', monetaryValue: 100 },
      { name: 'Spring', monetaryValue: 250 },
    ]);
  });

  it('finds by identity an opportunity that has moved on, and moves it to the stage of the step', async () => {
    const input = { stage_id: 'Proposal Sent', match_by: 'identity' };
    await run(input);
    const [opportunity] = made();
    sandbox.changeOpportunity(opportunity?.id ?? '', {
      pipelineStageId: sandbox.seeded.pipelines.Sales?.stages.Negotiation,
    });
    expect(await run(input)).toMatchObject({
      status: 'success',
      opportunity: { id: opportunity?.id, stage_name: 'Proposal Sent' },
    });
    expect(made()).toHaveLength(1);
  });

  it('finds by another system’s id, and writes that id where it creates', async () => {
    const field = [...sandbox.state.customFields.values()].find(
      ({ name, locationId }) => name === 'External ID' && locationId === sandbox.locationId,
    );
    const input = {
      search_field: field?.id,
      search_field_value: 'EXT-77',
      [`custom_field_${field?.id}`]: 'EXT-77',
      match_by: 'identity',
    };
    const first = await run(input);
    const second = await run({ ...input, monetary_value: 5 });
    expect(second.opportunity).toMatchObject({ id: first.opportunity?.id, monetary_value: 5 });
    expect(made()).toMatchObject([{ customFields: [{ id: field?.id, value: 'EXT-77' }] }]);
  });

  it('finds by another system’s id alone, though name and pipeline are others by now', async () => {
    const field = [...sandbox.state.customFields.values()].find(
      ({ name, locationId }) => name === 'External ID' && locationId === sandbox.locationId,
    );
    const input = {
      search_field: field?.id,
      search_field_value: 'EXT-78',
      [`custom_field_${field?.id}`]: 'EXT-78',
      match_by: 'custom_field',
    };
    const first = await run(input);
    sandbox.changeOpportunity(String(first.opportunity?.id), {
      name: 'Renamed',
      pipelineId: sandbox.seeded.pipelines.Onboarding?.id,
      pipelineStageId: sandbox.seeded.pipelines.Onboarding?.stages.Setup,
    });
    const second = await run({ ...input, monetary_value: 7 });
    expect(second).toMatchObject({
      status: 'success',
      opportunity: { id: first.opportunity?.id, monetary_value: 7 },
    });
  });

  it('never creates by an id that is empty', async () => {
    const { status, message } = await run({ match_by: 'custom_field' });
    expect(status).toBe('halted');
    expect(message).toMatch(
      /^Match By: this goes by Opportunity or Custom Field alone, and both are empty\./,
    );
    expect(made()).toEqual([]);
  });

  it('stops, with the opportunity’s name, at one that somebody else made within the lag', async () => {
    sandbox.setSettings({ searchLagMs: 30_000 });
    sandbox.addOpportunity({
      locationId: sandbox.locationId,
      contactId: contact_id,
      pipelineId: sandbox.seeded.pipelines.Sales?.id ?? '',
      name: 'Spring campaign',
      status: 'open',
    });
    const { status, message } = await run({});
    expect(status).toBe('halted');
    expect(message).toContain('This contact already has an opportunity in this pipeline: "Spring campaign"');
    expect(made()).toHaveLength(1);
  });
});
