import {
  type Bundle,
  type CreatePerform,
  defineCreate,
  defineInputField,
  defineInputFields,
  type ZObject,
} from 'zapier-platform-core';
import { readChoice } from '../fields/inputs/choices.ts';
import * as inputs from '../fields/inputs/common.ts';
import { customFieldsGroup, opportunityFieldInputs } from '../fields/inputs/custom-fields.ts';
import { moreGroup } from '../fields/inputs/groups.ts';
import { readOpportunityValues } from '../fields/inputs/opportunity-values.ts';
import { requiredId } from '../fields/inputs/read-id.ts';
import { readText, requiredText } from '../fields/inputs/read-text.ts';
import { isTest, marked, TEST_ID, testMode, testOutput } from '../fields/inputs/test-mode.ts';
import { CREATE } from '../fields/keys.ts';
import { opportunityOutputFields, opportunitySample } from '../fields/outputs/opportunity.ts';
import { connect } from '../highlevel/connect.ts';
import { contactName } from '../highlevel/contacts/record.ts';
import { type Problem, problemOf, withProblem } from '../highlevel/http/problem.ts';
import { previewChange, previewNew } from '../highlevel/opportunities/preview.ts';
import type { OpportunityRecord, Status } from '../highlevel/opportunities/record.ts';
import {
  CREATE_OPPORTUNITY,
  type NewOpportunity,
  type OpportunityChange,
} from '../highlevel/opportunities/writes.ts';
import { duplicateError, explainDuplicate } from './support/duplicate.ts';

const more = { group: moreGroup.key };

const EXISTING_CHOICES = { stop: 'Stop and Tell Me', update: 'Update the Existing One' };

const ifExists = defineInputField({
  key: 'if_exists',
  label: 'If It Exists Already',
  type: 'string',
  required: false,
  choices: EXISTING_CHOICES,
  helpText:
    'Unless your account allows more, HighLevel keeps one opportunity for each contact in a pipeline. Leave empty to stop in that case and be told which one is there. If you choose to update, the existing one gets the values of this step; what is empty here stays as it is, and so does its source.',
});

const inputFields = defineInputFields([
  inputs.contact,
  inputs.pipeline,
  inputs.name,
  inputs.stage,
  { ...inputs.status, helpText: 'Leave empty for Open. An existing opportunity then keeps its status.' },
  inputs.value,
  inputs.owner,
  { ...inputs.expectedCloseDate, ...more },
  { ...inputs.probability, ...more },
  { ...inputs.source, ...more },
  { ...ifExists, ...more },
  { ...testMode, ...more },
  opportunityFieldInputs,
]);

type Input = Parameters<CreatePerform<typeof inputFields>>[1]['inputData'];

/** What a person set; a status only where they did, because an existing opportunity keeps its own. */
type Wanted = Omit<NewOpportunity, 'status'> & { status?: Status };

interface Outcome {
  record: OpportunityRecord;
  created: boolean;
}

const ADVICE =
  'Nothing was created. To change that one instead, choose so under "If It Exists Already" in this step.';

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const { inputData } = bundle;
  highlevel.requirePermission(CREATE_OPPORTUNITY);
  const test = isTest(z, inputData);
  const update = readChoice(z, ifExists.label, inputData.if_exists, EXISTING_CHOICES) === 'update';
  const wanted = await read(z, bundle, inputData);
  const { record, created } = await (test ? tryOut : write)(z, bundle, wanted, update);
  const opportunity = await (created && !test
    ? highlevel.opportunities.presentCreated
    : highlevel.opportunities.presentOne)(record);
  const url = test && created ? null : opportunity.url;
  return marked({ ...opportunity, url, was_created: created }, test);
}) satisfies CreatePerform<typeof inputFields>;

/** Everything is read and found before the one request that writes. */
async function read(z: ZObject, bundle: Bundle, input: Input): Promise<Wanted> {
  const highlevel = connect(z, bundle);
  const contactId = requiredId(z, inputs.contact.label, input.contact_id);
  const name = requiredText(z, inputs.name.label, input.name);
  const pipelineText = requiredText(z, inputs.pipeline.label, input.pipeline_id);
  const values = await readOpportunityValues(z, bundle, input);
  const pipeline = await highlevel.account.resolvePipeline(pipelineText);
  const stageText = readText(input.stage_id);
  return {
    ...values,
    contactId,
    name,
    source: readText(input.source),
    pipelineId: pipeline.id,
    pipelineStageId: stageText && (await highlevel.account.resolveStage(stageText, pipeline)).stage.id,
  };
}

async function write(z: ZObject, bundle: Bundle, wanted: Wanted, update: boolean): Promise<Outcome> {
  const highlevel = connect(z, bundle);
  try {
    const opportunity = { ...wanted, status: wanted.status ?? 'open' };
    return { record: await highlevel.opportunities.create(opportunity), created: true };
  } catch (error) {
    const problem = problemOf(error);
    if (update && problem?.kind === 'duplicate' && problem.existingId) {
      const record = await highlevel.opportunities.update(problem.existingId, asChange(wanted));
      return { record, created: false };
    }
    throw (await explainDuplicate(z, bundle, problem, ADVICE)) ?? explainSource(z, problem) ?? error;
  }
}

/** What `write` would do, found out by reading alone. */
async function tryOut(z: ZObject, bundle: Bundle, wanted: Wanted, update: boolean): Promise<Outcome> {
  const highlevel = connect(z, bundle);
  const contact = await highlevel.contacts.get(wanted.contactId);
  const existing = await highlevel.opportunities.inTheWay(wanted);
  if (existing && !update) throw duplicateError(z, bundle, existing, ADVICE);
  if (existing) return { record: previewChange(existing, asChange(wanted)), created: false };
  const [firstStage] = (await highlevel.account.resolvePipeline(wanted.pipelineId)).stages;
  const opportunity = {
    ...wanted,
    status: wanted.status ?? 'open',
    pipelineStageId: wanted.pipelineStageId ?? firstStage?.id,
  };
  const record = previewNew(opportunity, {
    id: TEST_ID,
    locationId: highlevel.locationId(),
    contact: { ...contact, name: contactName(contact) },
  });
  return { record, created: true };
}

/** An existing opportunity is of that contact and in that pipeline already, and where it came from first stays true. */
function asChange({ contactId, pipelineId, source, ...change }: Wanted): OpportunityChange {
  return change;
}

function explainSource(z: ZObject, problem: Problem | null): Error | null {
  if (!problem?.messages.some((message) => /\bsource should not exist\b/.test(message))) return null;
  return withProblem(
    new z.errors.HaltedError(
      'Source: this HighLevel account does not let integrations set it. Nothing was created. Leave Source empty in this step.',
    ),
    problem,
  );
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
    inputFieldGroups: [moreGroup, customFieldsGroup],
    outputFields: [
      ...opportunityOutputFields,
      { key: 'was_created', label: 'Was Created', type: 'boolean' },
      testOutput,
    ],
    sample: marked({ ...opportunitySample, was_created: true }, false),
  },
});
