import {
  type Bundle,
  defineInputFields,
  defineSearch,
  type SearchPerform,
  type ZObject,
} from 'zapier-platform-core';
import { contact } from '../fields/inputs/common.ts';
import { isWholeName, nameMatch } from '../fields/inputs/name-match.ts';
import { cleanEmail } from '../fields/inputs/read-email.ts';
import { requiredId } from '../fields/inputs/read-id.ts';
import { cleanPhone } from '../fields/inputs/read-phone.ts';
import { readText } from '../fields/inputs/read-text.ts';
import { TEST_ID } from '../fields/inputs/test-mode.ts';
import { SEARCH } from '../fields/keys.ts';
import { contactOutputFields, contactSample } from '../fields/outputs/contact.ts';
import { simplify } from '../highlevel/account/resolve.ts';
import { connect, type HighLevel } from '../highlevel/connect.ts';
import type { ContactRecord } from '../highlevel/contacts/record.ts';
import type { ContactChoice } from '../highlevel/contacts/requests.ts';
import { LABELS } from '../highlevel/http/labels.ts';
import { momentMs } from '../highlevel/http/time.ts';

const { search: _, ...contactDropdown } = contact;

/** The keys mean the same in `create_or_update_contact`, which a "find or create" step shows beside these. */
const inputFields = defineInputFields([
  {
    ...contactDropdown,
    required: false,
    helpText:
      'Only this contact, mostly by the contact ID of an earlier step; the other fields are then ignored. Leave empty to search by them.',
  },
  {
    key: 'email',
    label: LABELS.email,
    type: 'string',
    required: false,
    helpText: 'The whole address. It is looked for first.',
  },
  {
    key: 'phone',
    label: LABELS.phone,
    type: 'string',
    required: false,
    helpText: 'With the country code, for example `+12025550107`. Looked for if no contact has the email.',
  },
  {
    key: 'name',
    label: 'Full Name',
    type: 'string',
    required: false,
    helpText:
      'Looked for only if Email and Phone are both empty. Of several contacts with the name, the one that changed last is taken.',
  },
  nameMatch,
]);

const ROWS = 500;
/** Each page is a request. */
const MOST_PAGES = 4;

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const id = readText(bundle.inputData.contact_id);
  if (id) {
    const contactId = requiredId(z, contact.label, id, true);
    return contactId === TEST_ID ? [] : shown(highlevel, await highlevel.contacts.getIfThere(contactId));
  }
  const email = cleanEmail(readText(bundle.inputData.email) ?? '');
  const phone = cleanPhone(readText(bundle.inputData.phone) ?? '');
  const name = readText(bundle.inputData.name);
  const isWhole = isWholeName(z, bundle.inputData);
  const record =
    email || phone
      ? await highlevel.contacts.findBy({ email, phone })
      : name
        ? await findNamed(z, bundle, name, isWhole)
        : null;
  return shown(highlevel, record);
}) satisfies SearchPerform<typeof inputFields>;

async function shown(highlevel: HighLevel, record: ContactRecord | null) {
  return record ? [{ ...(await highlevel.contacts.present(record)), was_created: false }] : [];
}

/**
 * Search rows lack names as they were written, so the one that is meant is read whole.
 *
 * @throws HaltedError where "nothing found" would be a guess, and in a find-or-create step make a second contact
 */
async function findNamed(
  z: ZObject,
  bundle: Bundle,
  name: string,
  isWhole: boolean,
): Promise<ContactRecord | null> {
  const { contacts } = connect(z, bundle);
  const wanted = simplify(name);
  const { rows, leftOut, isWholeList } = await rowsOf(contacts, wanted);
  const [best] = bestFirst(rows, wanted, isWhole);
  const found = best ? await contacts.get(best.id) : await contacts.findJustNamed(name);
  if (found) return found;
  if (leftOut > 0) {
    throw new z.errors.HaltedError(
      `HighLevel’s search gave ${leftOut === 1 ? 'a contact' : `${leftOut} contacts`} without an ID, so this step cannot tell whether the one called "${name}" is there. Replay the step later; if this goes on, look for the contact by email or phone.`,
    );
  }
  if (!isWholeList) {
    throw new z.errors.HaltedError(
      `This step looked through ${rows.length.toLocaleString('en-US')} contacts that HighLevel found for "${name}", and none is called so, but there are more than it can read in one run. Look for the contact by email or phone.`,
    );
  }
  return null;
}

async function rowsOf({ search }: HighLevel['contacts'], query: string) {
  const rows: ContactChoice[] = [];
  let leftOut = 0;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const found = await search({ page, query, limit: ROWS });
    rows.push(...found.contacts);
    leftOut += found.leftOut;
    if (!found.isFull) return { rows, leftOut, isWholeList: true };
  }
  return { rows, leftOut, isWholeList: false };
}

/** Whole names, then, if parts will do, beginning with it, then holding it; among equals the one that changed last. */
function bestFirst(rows: ContactChoice[], wanted: string, isWhole: boolean): ContactChoice[] {
  const closeness = ({ name }: ContactChoice) => {
    const simple = simplify(name);
    return simple === wanted ? 0 : simple.startsWith(wanted) ? 1 : 2;
  };
  return rows
    .filter(({ name }) => (isWhole ? simplify(name) === wanted : simplify(name).includes(wanted)))
    .sort((a, b) => closeness(a) - closeness(b) || momentMs(b.updatedAt) - momentMs(a.updatedAt));
}

export default defineSearch({
  key: SEARCH.findContact,
  noun: 'Contact',
  display: {
    label: 'Find Contact',
    description: 'Finds a contact by ID, email address, phone number or name.',
  },
  operation: { perform, inputFields, outputFields: [...contactOutputFields], sample: contactSample },
});
