import { defineInputFields, defineSearch, type SearchPerform } from 'zapier-platform-core';
import { isWholeName, nameMatch } from '../fields/inputs/name-match.ts';
import { cleanEmail } from '../fields/inputs/read-email.ts';
import { readText } from '../fields/inputs/read-text.ts';
import { leftOutOf } from '../highlevel/account/lookup.ts';
import { cannotTell, simplify } from '../highlevel/account/resolve.ts';
import type { User } from '../highlevel/account/users.ts';
import { connect } from '../highlevel/connect.ts';
import { LABELS } from '../highlevel/http/labels.ts';

const inputFields = defineInputFields([
  {
    key: 'email',
    label: LABELS.email,
    type: 'string',
    required: false,
    helpText: 'The whole address that the user signs in to HighLevel with.',
  },
  {
    key: 'name',
    label: 'Name',
    type: 'string',
    required: false,
    helpText: 'Looked for only if Email is empty.',
  },
  {
    ...nameMatch,
    helpText:
      'Leave empty for the whole name. A part of it finds a user only if no other user’s name contains it.',
  },
]);

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const email = simplify(cleanEmail(readText(bundle.inputData.email) ?? ''));
  const name = simplify(readText(bundle.inputData.name));
  const isWhole = isWholeName(z, bundle.inputData);
  if (!email && !name) return [];
  const matching = email ? withEmail(email) : withName(name, isWhole);
  const users = await highlevel.account.users.where((list) => matching(list).length > 0);
  const found = matching(users);
  if (found.length === 0 && leftOutOf(users) > 0) throw cannotTell(highlevel, '', 'such a user');
  return found;
}) satisfies SearchPerform<typeof inputFields>;

function withEmail(wanted: string) {
  return (list: User[]) => list.filter(({ email }) => simplify(email) === wanted);
}

/** A part that several names have names nobody: an opportunity must not go to the wrong person. */
function withName(wanted: string, isWhole: boolean) {
  return (list: User[]) => {
    const exact = list.filter(({ name }) => simplify(name) === wanted);
    if (exact.length > 0 || isWhole) return exact;
    const partly = list.filter(({ name }) => simplify(name).includes(wanted));
    return partly.length === 1 ? partly : [];
  };
}

export default defineSearch({
  key: 'find_user',
  noun: 'User',
  display: {
    label: 'Find User',
    description: 'Finds a user of the sub-account by email address or name.',
  },
  operation: {
    perform,
    inputFields,
    outputFields: [
      { key: 'id', label: 'User ID', type: 'string', required: true },
      { key: 'name', label: 'Name', type: 'string' },
      { key: 'email', label: 'Email', type: 'string' },
    ],
    sample: { id: '082goXVW3lIExEQPOnd3', name: 'Maria Lopez', email: 'maria@example.com' },
  },
});
