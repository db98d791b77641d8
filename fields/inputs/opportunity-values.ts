import type { Bundle, ZObject } from 'zapier-platform-core';
import { connect } from '../../highlevel/connect.ts';
import { LABELS } from '../../highlevel/http/labels.ts';
import type { OpportunityChange } from '../../highlevel/opportunities/writes.ts';
import { readOpportunityFields } from './custom-fields.ts';
import { readAmount } from './read-amount.ts';
import { readDay } from './read-day.ts';
import { readPercent } from './read-percent.ts';
import { readStatus } from './read-status.ts';
import { readText } from './read-text.ts';

interface ValueInput {
  status?: unknown;
  monetary_value?: unknown;
  owner_id?: unknown;
  expected_close_date?: unknown;
  probability?: unknown;
}

/**
 * What creating and updating an opportunity have in common: each value that a person set, undefined for the others.
 *
 * @throws HaltedError naming the field, for a value that cannot be read or an owner who is not there
 */
export async function readOpportunityValues(z: ZObject, bundle: Bundle, input: ValueInput) {
  const highlevel = connect(z, bundle);
  const plain = {
    status: readStatus(z, LABELS.status, input.status),
    monetaryValue: readAmount(z, LABELS.monetaryValue, input.monetary_value),
    forecastExpectedCloseDate: await readDay(
      z,
      bundle,
      LABELS.forecastExpectedCloseDate,
      input.expected_close_date,
    ),
    forecastProbability: readPercent(z, LABELS.forecastProbability, input.probability),
  };
  const ownerText = readText(input.owner_id);
  return {
    ...plain,
    assignedTo: ownerText && (await highlevel.account.resolveOwner(ownerText)).id,
    customFields: await readOpportunityFields(z, bundle),
  } satisfies OpportunityChange;
}
