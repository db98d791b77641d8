/**
 * What people call HighLevel's properties. The input fields take their labels from here, and so do the errors,
 * so that an error names the very field that a person sees in the Zap editor.
 */
export const LABELS = {
  name: 'Opportunity Name',
  contactId: 'Contact',
  pipelineId: 'Pipeline',
  pipelineStageId: 'Stage',
  status: 'Status',
  monetaryValue: 'Value',
  assignedTo: 'Owner',
  source: 'Source',
  forecastExpectedCloseDate: 'Expected Close Date',
  forecastProbability: 'Probability',
  lostReasonId: 'Lost Reason',
  followers: 'Followers',
  customFields: 'Custom Fields',
  locationId: 'Sub-Account',
  title: 'Title',
  body: 'Text',
  dueDate: 'Due Date',
  email: 'Email',
  phone: 'Phone',
  firstName: 'First Name',
  lastName: 'Last Name',
  companyName: 'Company',
  address1: 'Address',
  city: 'City',
  state: 'State',
  postalCode: 'Postal Code',
  country: 'Country',
  website: 'Website',
  dateOfBirth: 'Date of Birth',
  dnd: 'Do Not Disturb',
  workflowId: 'Workflow',
  tags: 'Tags',
} as const;

type Property = keyof typeof LABELS;

/**
 * The label of the first HighLevel property that a message names, or null.
 *
 * @param among only properties of these names; any where absent
 */
export function labelIn(message: string, among?: readonly string[]): string | null {
  for (const word of message.match(/[A-Za-z]+/g) ?? []) {
    if (word in LABELS && (!among || among.includes(word))) return LABELS[word as Property];
  }
  return null;
}

/** HighLevel's message with its property names replaced by the labels people see. */
export function withLabels(message: string): string {
  return message.replace(/\b[A-Za-z]+\b/g, (word) =>
    // "name", "status", "title" and their like are English words as well; only unmistakable names are replaced anywhere.
    word in LABELS && (/[A-Z]/.test(word) || message.startsWith(`${word} `))
      ? `"${LABELS[word as Property]}"`
      : word,
  );
}
