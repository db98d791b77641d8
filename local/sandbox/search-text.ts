import type { SandboxContext } from './context.ts';
import type { IndexedRow } from './search-index.ts';

/** The longest search text, in characters [doc]. */
export const QUERY_MAX = 75;

/**
 * Whether a row answers a free text: in the deal's name, or the contact's name, email, phone or company, whatever the
 * case. Which fields are searched is a setting of the account [doc]; these are [assumed].
 *
 * @param text an empty one matches everything.
 */
export function textFilter(ctx: SandboxContext, text: string): (row: IndexedRow) => boolean {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return () => true;
  const has = (value: string | null | undefined): boolean => value?.toLowerCase().includes(wanted) ?? false;
  return ({ opportunity }) => {
    if (has(opportunity.name)) return true;
    const contact = ctx.state.contacts.get(opportunity.contactId);
    return (
      has(`${contact?.firstName ?? ''} ${contact?.lastName ?? ''}`) ||
      has(contact?.email) ||
      has(contact?.phone) ||
      has(contact?.companyName)
    );
  };
}
