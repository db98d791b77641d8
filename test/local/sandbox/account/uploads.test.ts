import { type Sandbox, startSandbox } from '../../../../local/sandbox/index.ts';
import { type Answer, answerOf, call } from '../support/call.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

async function upload(fields: Record<string, string>, files: File[], token?: string): Promise<Answer> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const file of files) form.append('file', file);
  const response = await fetch(`${sandbox.url}/locations/${sandbox.locationId}/customFields/upload`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token ?? sandbox.accessToken}`, version: 'v3' },
    body: form,
  });
  return answerOf(response);
}

const bytes = Uint8Array.from({ length: 3000 }, (_, index) => index % 256);
const file = (name = 'Angebot für Müller.PDF') => new File([bytes], name, { type: 'application/pdf' });

test('a file is kept to the byte, and its URL goes into a field and comes back', async () => {
  const id = sandbox.seeded.opportunityIds[0] ?? '';
  const { status, body } = await upload({ id, maxFiles: '1' }, [file()]);
  expect(status).toBe(200);
  const url = body.uploadedFiles['Angebot für Müller.PDF'];
  expect(body.meta).toEqual([
    {
      fieldname: 'file',
      originalname: 'Angebot für Müller.PDF',
      encoding: '7bit',
      mimetype: 'application/pdf',
      size: 3000,
      url,
    },
  ]);
  const kept = await fetch(url);
  expect(kept.headers.get('content-type')).toBe('application/pdf');
  expect(new Uint8Array(await kept.arrayBuffer())).toEqual(bytes);

  const field = sandbox.seeded.customFields['opportunity.proposal_file'];
  const value = [{ url, meta: { name: 'Angebot.pdf', size: 3000 } }];
  await call(sandbox, 'PUT', `/opportunities/${id}`, {
    body: { customFields: [{ id: field, fieldValue: value }] },
  });
  const read = await call(sandbox, 'GET', `/opportunities/${id}`);
  expect(read.body.opportunity.customFields).toContainEqual({ id: field, fieldValue: value });
});

test('several files go to a contact or a field', async () => {
  const contact = await upload({ id: sandbox.seeded.contactIds[0] ?? '' }, [file('a.pdf'), file('b.pdf')]);
  expect(Object.keys(contact.body.uploadedFiles)).toEqual(['a.pdf', 'b.pdf']);
  const id = sandbox.seeded.customFields['contact.signed_contract'] ?? '';
  expect((await upload({ id }, [file()])).status).toBe(200);
});

test.each([
  ['no id', {}, 1, /id should not be empty/],
  ['an unknown id', { id: 'nobody' }, 1, /has the id nobody/],
  ['no file', { id: 'contact' }, 0, /No file was uploaded/],
  ['too many files', { id: 'contact', maxFiles: '1' }, 2, /At most 1 files/],
])('%s is refused', async (_, fields, count, message) => {
  const [contactId = ''] = sandbox.seeded.contactIds;
  const given: Record<string, string> = { ...fields };
  if (given.id === 'contact') given.id = contactId;
  const { status, body } = await upload(
    given,
    Array.from({ length: count }, (_one, index) => file(`${index}.pdf`)),
  );
  expect([status, body.message]).toEqual([400, expect.stringMatching(message)]);
});

test('a body that is no form, and a token without the permission, are refused', async () => {
  const path = `/locations/${sandbox.locationId}/customFields/upload`;
  expect((await call(sandbox, 'POST', path, { body: { id: 'x' } })).body.message).toMatch(/multipart/);
  const headers = { 'content-type': 'multipart/form-data; boundary=x' };
  const broken = await fetch(sandbox.url + path, {
    method: 'POST',
    headers: { ...headers, authorization: `Bearer ${sandbox.accessToken}`, version: 'v3' },
    body: 'not a form',
  });
  expect(broken.status).toBe(400);
  const { accessToken } = sandbox.mintToken({ scopes: ['locations/customFields.readonly'] });
  expect((await upload({ id: 'x' }, [file()], accessToken)).status).toBe(401);
  expect((await fetch(`${sandbox.url}/files/${sandbox.locationId}/none.pdf`)).status).toBe(404);
});

test('the log keeps the size of an upload and not its bytes', async () => {
  sandbox.clearRequests();
  await upload({ id: sandbox.seeded.contactIds[0] ?? '' }, [file()]);
  expect(sandbox.requests()[0]?.body).toEqual({ bytes: expect.any(Number) });
});
