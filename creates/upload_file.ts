import { type CreatePerform, defineCreate, defineInputFields, type ZObject } from 'zapier-platform-core';
import {
  contactInput,
  opportunityInput,
  readTarget,
  targetOutput,
  targetSample,
} from '../fields/inputs/opportunity-or-contact.ts';
import { optionalText, readText, requiredText } from '../fields/inputs/read-text.ts';
import { isTest, marked, testMode, testOutput } from '../fields/inputs/test-mode.ts';
import type { CustomField } from '../highlevel/account/custom-fields.ts';
import { leftOutOf } from '../highlevel/account/lookup.ts';
import { cannotTell, listOf, simplify } from '../highlevel/account/resolve.ts';
import { connect, type HighLevel } from '../highlevel/connect.ts';
import { UPDATE_CONTACT } from '../highlevel/contacts/writes.ts';
import { MOST_BYTES, openSource, TYPES } from '../highlevel/files/source.ts';
import { UPLOAD_FILE } from '../highlevel/files/upload.ts';
import { problemOf } from '../highlevel/http/problem.ts';
import { shortened } from '../highlevel/http/shortened.ts';
import { UPDATE_OPPORTUNITY } from '../highlevel/opportunities/writes.ts';

const LABELS = { file: 'File', field: 'File Field', name: 'File Name' };

const inputFields = defineInputFields([
  {
    key: 'file',
    label: LABELS.file,
    type: 'file',
    required: true,
    helpText: `A file of an earlier step, or a link to one that opens without a sign-in. At most ${MOST_BYTES / 1024 / 1024} MB, and of one of these kinds: ${Object.keys(TYPES).join(', ')}.`,
  },
  {
    key: 'field',
    label: LABELS.field,
    type: 'string',
    required: true,
    helpText:
      'The exact name, key or ID of the custom field that the file goes into. It must be one of the kind "File Upload", and of the opportunity or contact that you choose.',
  },
  opportunityInput('The opportunity that has the field'),
  contactInput,
  {
    key: 'file_name',
    label: LABELS.name,
    type: 'string',
    required: false,
    placeholder: 'proposal.pdf',
    helpText: 'What the file is called in HighLevel, its ending included. Leave empty for the name it has.',
  },
  testMode,
]);

const perform = (async (z, bundle) => {
  const { inputData } = bundle;
  const test = isTest(z, inputData);
  const highlevel = connect(z, bundle);
  highlevel.requirePermission(UPLOAD_FILE);
  const onOpportunity = readText(inputData.opportunity_id) !== undefined;
  highlevel.requirePermission(onOpportunity ? UPDATE_OPPORTUNITY : UPDATE_CONTACT);
  const url = requiredText(z, LABELS.file, inputData.file);
  const fieldText = requiredText(z, LABELS.field, inputData.field);
  const target = await readTarget(z, bundle, inputData, test);
  const field = await resolveFileField(z, highlevel, fieldText, onOpportunity);
  const source = await openSource(z.errors, {
    url,
    name: optionalText(z, LABELS.name, inputData.file_name),
    labels: LABELS,
  });
  const about = { file_name: source.name, file_type: source.type, file_size: source.size };
  const place = { field_id: field.id, field_name: field.name, ...target };
  if (test) {
    source.stream.destroy();
    return marked({ link: null, is_kept: null, links: [], ...about, ...place }, test);
  }
  const { opportunity_id: opportunityId, contact_id: contactId } = target;
  const link = await highlevel.files.upload(source, opportunityId ?? contactId);
  const write = [{ id: field.id, value: { url: link } }];
  if (opportunityId) await highlevel.opportunities.update(opportunityId, { customFields: write });
  else await highlevel.contacts.update(contactId, { customFields: write });
  // It was written; what stands there now is only looked at.
  const links = await keptLinks(highlevel, field.id, target).catch((error: unknown) => {
    if (problemOf(error)) return null;
    throw error;
  });
  return marked(
    { link, is_kept: links?.includes(link) ?? null, links: links ?? [], ...about, ...place },
    test,
  );
}) satisfies CreatePerform<typeof inputFields>;

/** What stands in the field once it was written; null where HighLevel does not tell. */
async function keptLinks(
  highlevel: HighLevel,
  fieldId: string,
  {
    opportunity_id: opportunityId,
    contact_id: contactId,
  }: { opportunity_id: string | null; contact_id: string },
): Promise<string[] | null> {
  const record = opportunityId
    ? await highlevel.opportunities.getWhole(opportunityId)
    : await highlevel.contacts.get(contactId);
  if (record.customFields == null) return null;
  const { custom_fields: values } = opportunityId
    ? await highlevel.opportunities.presentOne(record)
    : await highlevel.contacts.present(record);
  const value = (values as Record<string, unknown>)[fieldId];
  return (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');
}

async function resolveFileField(
  z: ZObject,
  highlevel: HighLevel,
  text: string,
  onOpportunity: boolean,
): Promise<CustomField> {
  const { account } = highlevel;
  const lookup = onOpportunity ? account.opportunityFields : account.contactFields;
  const plain = text.replace(/^(opportunity|contact)\./, '');
  const fits = ({ id, key, name }: CustomField) =>
    id === text || key === plain || simplify(name) === simplify(text);
  const fields = await lookup.where((list) => list.some(fits));
  const files = fields.filter(({ dataType }) => dataType === 'FILE_UPLOAD');
  const [found, second] = files.filter(fits);
  if (found && !second) return found;
  if (!found && leftOutOf(fields) > 0)
    throw cannotTell(highlevel, `${LABELS.field}: `, `a file field called "${shortened(text)}"`);
  const known = listOf(files.map(({ name }) => name));
  const advice = known ? `Choose one of these: ${known}.` : 'It has none: create one in HighLevel first.';
  const whose = onOpportunity ? 'the opportunity' : 'the contact';
  throw new z.errors.HaltedError(
    second
      ? `${LABELS.field}: more than one file field of ${whose} is called "${shortened(text)}". Map its key or ID instead.`
      : `${LABELS.field}: ${whose} has no file field called "${shortened(text)}". ${advice}`,
  );
}

export default defineCreate({
  key: 'upload_file',
  noun: 'File',
  display: {
    label: 'Upload File',
    description: 'Uploads a file of an earlier step into a file field of an opportunity or a contact.',
  },
  operation: {
    perform,
    inputFields,
    outputFields: [
      { key: 'link', label: 'Link to the File', type: 'string' },
      { key: 'is_kept', label: 'File Is in the Field', type: 'boolean' },
      { key: 'links', label: 'All Links in the Field', type: 'string', list: true },
      { key: 'file_name', label: 'File Name', type: 'string' },
      { key: 'file_type', label: 'File Type', type: 'string' },
      { key: 'file_size', label: 'File Size in Bytes', type: 'integer' },
      { key: 'field_id', label: 'Field ID', type: 'string' },
      { key: 'field_name', label: 'Field Name', type: 'string' },
      ...targetOutput,
      testOutput,
    ],
    sample: marked(
      {
        link: 'https://storage.example.com/location/proposal.pdf',
        is_kept: true,
        links: ['https://storage.example.com/location/proposal.pdf'],
        file_name: 'proposal.pdf',
        file_type: 'application/pdf',
        file_size: 20480,
        field_id: 'UpZLmohmKEQYn0ymqplY',
        field_name: 'Proposal File',
        ...targetSample,
      },
      false,
    ),
  },
});
