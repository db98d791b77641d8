import { type Bundle, defineInputFields, defineTrigger, type ZObject } from 'zapier-platform-core';
import { ownerFilter, pipelineFilter, stageFilter, statusFilter } from '../fields/inputs/common.ts';
import { chosenFilters, type FilterInput } from '../fields/inputs/filters.ts';
import { includeContact } from '../fields/inputs/include-contact.ts';
import { readText } from '../fields/inputs/read-text.ts';
import { connect } from '../highlevel/connect.ts';
import { withoutRelay } from '../relay-client/address.ts';
import { MOVED_TO, movedToStage } from './support/changes.ts';
import { ignoreOwnChanges, instantOperation } from './support/instant.ts';

const MOVED_FROM = 'Moved From Stage';

const inputFields = defineInputFields([
  pipelineFilter,
  movedToStage,
  {
    ...stageFilter,
    key: 'from_stage_id',
    label: MOVED_FROM,
    helpText:
      'Only opportunities that were moved out of this stage; the first move of one that was not open when the Zap was turned on can be left out. Leave empty for all stages.',
  },
  statusFilter,
  ownerFilter,
  includeContact,
  ignoreOwnChanges,
]);

const filters = async (z: ZObject, bundle: Bundle) => {
  const highlevel = connect(z, bundle);
  const input = bundle.inputData as FilterInput & { from_stage_id?: unknown };
  const { pipelineId, stageId, status, ownerId } = await chosenFilters(z, bundle, input, MOVED_TO);
  const from = readText(input.from_stage_id);
  const pipeline = pipelineId ? await highlevel.account.resolvePipeline(pipelineId) : null;
  return {
    pipelineId,
    stageTo: stageId,
    stageFrom: from && (await highlevel.account.resolveStage(from, pipeline, MOVED_FROM)).id,
    status,
    ownerId,
  };
};

export default defineTrigger({
  key: 'stage_changed_instant',
  noun: 'Opportunity',
  display: {
    label: 'Opportunity Stage Changed (Instant)',
    description: 'Triggers when an opportunity moves to another stage, within seconds.',
    hidden: withoutRelay(),
  },
  operation: {
    ...instantOperation({
      event: 'stage_changed',
      twin: 'Opportunity Stage Changed',
      filters,
      recent: 'lastStageChangeAt',
      labels: MOVED_TO,
    }),
    inputFields,
  },
});
