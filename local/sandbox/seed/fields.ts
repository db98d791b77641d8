import type { Contact, CustomField, State } from '../state/records.ts';
import type { SeedRandom } from './random.ts';

type FieldPlan = [name: string, key: string, dataType: string, picklistOptions?: string[]];

/** One field of every data type, so that each way of writing and reading a value can be tried. */
const OPPORTUNITY_FIELDS: FieldPlan[] = [
  ['External ID', 'external_id', 'TEXT'],
  ['Project Brief', 'project_brief', 'LARGE_TEXT'],
  ['Seats', 'seats', 'NUMERICAL'],
  ['Setup Fee', 'setup_fee', 'MONETORY'],
  ['Site Phone', 'site_phone', 'PHONE'],
  ['Checklist', 'checklist', 'CHECKBOX', ['Contract signed', 'Invoice sent', 'Access granted']],
  ['Plan', 'plan', 'SINGLE_OPTIONS', ['Starter', 'Growth', 'Scale']],
  ['Services', 'services', 'MULTIPLE_OPTIONS', ['Branding', 'Website', 'Ads', 'Email', 'Consulting']],
  ['Priority', 'priority', 'RADIO', ['Low', 'Normal', 'High']],
  ['Contract Date', 'contract_date', 'DATE'],
  ['Decision Makers', 'decision_makers', 'TEXTBOX_LIST', ['Buyer', 'Signer', 'User']],
  ['Proposal File', 'proposal_file', 'FILE_UPLOAD'],
];

const CONTACT_FIELDS: FieldPlan[] = [
  ['Account Number', 'account_number', 'TEXT'],
  ['Customer Since', 'customer_since', 'DATE'],
  ['Preferred Channel', 'preferred_channel', 'SINGLE_OPTIONS', ['Email', 'Phone', 'Text message']],
  ['Interests', 'interests', 'MULTIPLE_OPTIONS', ['Branding', 'Website', 'Ads']],
];

function addFields(
  state: State,
  random: SeedRandom,
  locationId: string,
  model: CustomField['model'],
  plans: FieldPlan[],
): CustomField[] {
  return plans.map(([name, key, dataType, picklistOptions = []], index) => {
    const field: CustomField = {
      id: random.id(),
      locationId,
      model,
      name,
      fieldKey: `${model}.${key}`,
      dataType,
      placeholder: '',
      position: (index + 1) * 50,
      picklistOptions,
    };
    state.customFields.set(field.id, field);
    return field;
  });
}

/** Adds the opportunity fields, one of every data type, to a location. */
export function seedOpportunityFields(state: State, random: SeedRandom, locationId: string): CustomField[] {
  return addFields(state, random, locationId, 'opportunity', OPPORTUNITY_FIELDS);
}

/** Adds a few contact fields to a location. */
export function seedContactFields(state: State, random: SeedRandom, locationId: string): CustomField[] {
  return addFields(state, random, locationId, 'contact', CONTACT_FIELDS);
}

/**
 * Adds the contact field for files, and a file to each contact that has its other fields filled.
 *
 * @param now the sandbox's clock in ms since the epoch
 */
export function seedContactFiles(
  state: State,
  random: SeedRandom,
  locationId: string,
  contacts: Contact[],
  now: number,
): CustomField[] {
  const plans: FieldPlan[] = [['Signed Contract', 'signed_contract', 'FILE_UPLOAD']];
  const fields = addFields(state, random, locationId, 'contact', plans);
  for (const [index, contact] of contacts.entries()) {
    if (contact.customFields.length === 0) continue;
    for (const field of fields) {
      contact.customFields.push({ id: field.id, value: sampleValue(field, index, random, now) });
    }
  }
  return fields;
}

/**
 * A plausible value for one field of the seed's `index`-th record.
 *
 * @param now the sandbox's clock in ms since the epoch
 */
export function sampleValue(field: CustomField, index: number, random: SeedRandom, now: number): unknown {
  const options = field.picklistOptions;
  const option = (offset: number): string => options[(index + offset) % options.length] ?? '';
  switch (field.dataType) {
    case 'TEXT':
      return `HP-${String(1000 + index)}`;
    case 'LARGE_TEXT':
      return 'Wants a calmer home page, fewer forms and one place to see replies.\nPrefers calls in the morning.';
    case 'NUMERICAL':
      return 1 + random.below(40);
    case 'MONETORY':
      return 250 + random.below(30) * 50;
    case 'PHONE':
      return `+1206555${String(100 + (index % 100)).padStart(4, '0')}`;
    case 'CHECKBOX':
    case 'MULTIPLE_OPTIONS':
      return index % 2 === 0 ? [option(0)] : [option(0), option(1)];
    case 'SINGLE_OPTIONS':
    case 'RADIO':
      return option(0);
    case 'DATE':
      return new Date(now - (5 + (index % 60)) * 86_400_000).toISOString().slice(0, 10);
    case 'TEXTBOX_LIST':
      return { [option(0)]: 'Dana', [option(1)]: 'Lee' };
    case 'FILE_UPLOAD':
      return [
        {
          url: `https://files.example.com/proposal-${index}.pdf`,
          meta: { name: `proposal-${index}.pdf`, size: 48_213, mimetype: 'application/pdf' },
        },
      ];
    default:
      return `Value ${index}`;
  }
}
