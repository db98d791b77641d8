import type { SandboxContext } from '../state/context.ts';
import type { Contact } from '../state/records.ts';
import type { IndexedRow } from '../state/search-index.ts';

/** The longest search text, in characters [docs]. */
export const QUERY_MAX = 75;

/** Each contact's searchable text in lower case; a changed contact is a new object, and so has none yet. */
const texts = new WeakMap<Contact, string>();

function textOf(contact: Contact): string {
  const known = texts.get(contact);
  if (known !== undefined) return known;
  const name = `${contact.firstName ?? ''} ${contact.lastName ?? ''}`;
  // Parted by a line break, which no search text can hold, so that none matches across two fields.
  const text = [name, contact.email, contact.phone, contact.companyName].join('\n').toLowerCase();
  texts.set(contact, text);
  return text;
}

/**
 * Whether a row answers a free text: in the opportunity's name, or the contact's name, email, phone or company, whatever the
 * case. Which fields are searched is a setting of the account [docs]; these are [assumed].
 *
 * @param text an empty one matches everything.
 */
export function textFilter(ctx: SandboxContext, text: string): (row: IndexedRow) => boolean {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return () => true;
  return ({ opportunity, name }) => {
    if (name.includes(wanted)) return true;
    const contact = ctx.state.contacts.get(opportunity.contactId);
    return contact !== undefined && textOf(contact).includes(wanted);
  };
}
