/** Links from help texts to the pages of docs/help, where the publisher of this integration has put those online. */

const VALUES = '[How values are read](values.md)';
const TRIGGERS = '[What starts a Zap](triggers.md)';
const DUPLICATES = '[One opportunity, not two](duplicates.md)';

/** The page that says more of a field, by the field's key. */
export const PAGES: Record<string, string> = {
  monetary_value: VALUES,
  expected_close_date: VALUES,
  probability: VALUES,
  due_date: VALUES,
  min_value: VALUES,
  max_value: VALUES,
  period_start: VALUES,
  about_checks: TRIGGERS,
  about_changes: TRIGGERS,
  if_exists: DUPLICATES,
  only_if: DUPLICATES,
  value_rule: DUPLICATES,
  name_match: DUPLICATES,
  find_contact_by: DUPLICATES,
  limit: '[Limits](limits.md)',
};

/** Where docs/help can be read, without a slash at the end; null where the publisher has not said. */
function helpUrl(): string | null {
  return process.env.HELP_URL?.replace(/\/+$/, '') || null;
}

/** The fields, with a link at the end of each help text that has a page. Known when the integration is built and pushed. */
export function withHelpLinks<T>(fields: T[]): T[] {
  const base = helpUrl();
  if (base === null) return fields;
  return fields.map((field) => {
    if (!isField(field)) return field;
    const link = PAGES[field.key]?.replace('](', `](${base}/`);
    return link ? { ...field, helpText: [field.helpText, `${link}.`].filter(Boolean).join(' ') } : field;
  });
}

function isField(field: unknown): field is { key: string; helpText?: string } {
  return typeof field === 'object' && field !== null && 'key' in field;
}
