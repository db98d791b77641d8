import {
  type Bundle,
  type CreatePerform,
  defineCreate,
  defineInputFields,
  type ZObject,
} from 'zapier-platform-core';
import * as inputs from '../fields/inputs.ts';
import { CREATE } from '../fields/keys.ts';
import { opportunityOutputFields, opportunitySample } from '../fields/opportunity.ts';
import { readDay, readMoney, readPercent, readStatus, readText, required } from '../fields/values.ts';
import { locationId, opportunityUrl } from '../highlevel/connection.ts';
import { presentOne } from '../highlevel/names.ts';
import { getOpportunity } from '../highlevel/opportunities.ts';
import { createOpportunity, type NewOpportunity } from '../highlevel/opportunity-writes.ts';
import { type Problem, problemOf, withProblem } from '../highlevel/problem.ts';
import { resolveOwner, resolvePipeline, resolveStage } from '../highlevel/resolve.ts';

const inputFields = defineInputFields([
  inputs.contact,
  inputs.pipeline,
  inputs.name,
  inputs.stage,
  inputs.status,
  inputs.value,
  inputs.owner,
  inputs.expectedCloseDate,
  inputs.probability,
  inputs.source,
]);

type Input = Parameters<CreatePerform<typeof inputFields>>[1]['inputData'];

const perform = (async (z, bundle) => {
  const opportunity = await read(z, bundle, bundle.inputData);
  const record = await createOpportunity(z, bundle, opportunity).catch(async (error: unknown) => {
    throw (await explain(z, bundle, problemOf(error))) ?? error;
  });
  return presentOne(z, bundle, record);
}) satisfies CreatePerform<typeof inputFields>;

/** Everything is read and found before the one request that writes. */
async function read(z: ZObject, bundle: Bundle, input: Input): Promise<NewOpportunity> {
  const values = {
    contactId: required(z, inputs.contact.label, input.contact_id),
    name: required(z, inputs.name.label, input.name),
    status: readStatus(z, input.status) ?? 'open',
    monetaryValue: readMoney(z, input.monetary_value),
    forecastExpectedCloseDate: readDay(z, input.expected_close_date),
    forecastProbability: readPercent(z, input.probability),
    source: readText(input.source),
  };
  const pipeline = await resolvePipeline(z, bundle, required(z, inputs.pipeline.label, input.pipeline_id));
  const stageText = readText(input.stage_id);
  const ownerText = readText(input.owner_id);
  return {
    ...values,
    pipelineId: pipeline.id,
    pipelineStageId: stageText && (await resolveStage(z, bundle, stageText, pipeline)).stage.id,
    assignedTo: ownerText && (await resolveOwner(z, bundle, ownerText)).id,
  };
}

/** A better sentence than HighLevel's for the two refusals that a person meets most. */
async function explain(z: ZObject, bundle: Bundle, problem: Problem | null): Promise<Error | null> {
  if (problem?.kind === 'duplicate' && problem.existingId) {
    const { name } = await getOpportunity(z, bundle, problem.existingId);
    const url = opportunityUrl(bundle, locationId(z, bundle), problem.existingId);
    return withProblem(
      new z.errors.HaltedError(
        `This contact already has an opportunity in this pipeline: "${name}" (${url}). Nothing was created. To allow ` +
          'several, switch on duplicate opportunities in HighLevel under Settings, Objects, Opportunities.',
      ),
      problem,
    );
  }
  if (problem?.messages.some((message) => /\bsource should not exist\b/.test(message))) {
    return withProblem(
      new z.errors.HaltedError(
        'Source: this HighLevel account does not let integrations set it. Nothing was created. Leave Source empty in this step.',
      ),
      problem,
    );
  }
  return null;
}

export default defineCreate({
  key: CREATE.createOpportunity,
  noun: 'Opportunity',
  display: {
    label: 'Create Opportunity',
    description: 'Creates a new opportunity in a pipeline.',
  },
  operation: {
    perform,
    inputFields,
    outputFields: opportunityOutputFields,
    sample: opportunitySample,
  },
});
