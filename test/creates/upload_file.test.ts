import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { MOST_BYTES } from '../../highlevel/files/source.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { describeOf, type Inputs } from '../support/operation.ts';

const describe = describeOf(import.meta.filename);

const BYTES = Buffer.from('%PDF-1.7 {{not a field}} "quoted" \u0000\u00ff', 'latin1');
const PDF = { 'content-type': 'application/pdf', 'content-length': String(BYTES.length) };

const asked: IncomingHttpHeaders[] = [];

const serve: RequestListener = (_request, response) => {
  response.writeHead(200, PDF).end(BYTES);
};
let answer = serve;

/** A place that keeps files, as the one that Zapier keeps those of earlier steps in; the other checks use it too. */
const server = createServer((request, response) => {
  asked.push(request.headers);
  answer(request, response);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
server.unref();
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
process.env.FILE_ORIGINS = origin;

export const inputs: Inputs = {
  upload_file: {
    live: ['Map a file of an earlier step', 'the field has the file, and the output its link'],
    runs: ({ seeded }) => {
      const file = `${origin}/proposal.pdf`;
      const [contact_id] = seeded.contactIds;
      return {
        all: [
          {
            inputData: {
              file,
              field: 'Proposal File',
              opportunity_id: seeded.opportunityIds[0],
              file_name: 'a.pdf',
            },
          },
          { inputData: { file, field: 'Signed Contract', contact_id } },
        ],
        least: [{ inputData: { file, field: 'Signed Contract', contact_id } }],
      };
    },
    example: ({ seeded }) => ({
      file: `${origin}/proposal.pdf`,
      field: 'Proposal File',
      opportunity_id: seeded.opportunityIds[9],
    }),
  },
};

const PERFORM = 'creates.upload_file.operation.perform';

interface Result {
  link: string | null;
  is_kept: boolean | null;
  links: string[];
  file_name: string;
  file_type: string;
  file_size: number;
  is_test: boolean;
}

describe('upload_file', () => {
  let connection: Connection;
  let opportunity: string;
  let contact: string;

  beforeAll(async () => {
    connection = await connect(AMPLE);
    [opportunity = ''] = connection.sandbox.seeded.opportunityIds;
    [contact = ''] = connection.sandbox.seeded.contactIds;
  });
  afterAll(async () => {
    server.close();
    await connection.close();
  });
  beforeEach(() => {
    answer = serve;
    asked.length = 0;
    connection.requests();
  });
  afterEach(() => {
    process.env.FILE_ORIGINS = origin;
  });

  const upload = (input: object, authData = {}) =>
    connection.run<Result>(
      PERFORM,
      { file: `${origin}/proposal.pdf`, field: 'Proposal File', opportunity_id: opportunity, ...input },
      { bundle: { authData: { ...connection.authData, ...authData } } },
    );
  const refusalOf = async (input: object, authData = {}) =>
    sentenceOf(await errorOf(upload(input, authData)));
  const writes = () => connection.requests().filter((request) => !request.startsWith('GET'));

  it('puts the very bytes of a file into a field of an opportunity, and says what HighLevel kept', async () => {
    const result = await upload({});
    expect(result).toMatchObject({
      is_kept: true,
      links: [result.link],
      file_name: 'proposal.pdf',
      file_type: 'application/pdf',
      file_size: BYTES.length,
      is_test: false,
    });
    const stored = await fetch(result.link ?? '');
    expect(stored.headers.get('content-type')).toBe('application/pdf');
    expect(Buffer.from(await stored.arrayBuffer())).toEqual(BYTES);
    expect(writes()).toEqual([
      `POST /locations/${connection.sandbox.locationId}/customFields/upload`,
      `PUT /opportunities/${opportunity}`,
    ]);
  });

  it('puts it into a field of a contact, found by its key, under a name of its own', async () => {
    const input = { opportunity_id: '', contact_id: contact, field: 'contact.signed_contract' };
    const result = await upload({ ...input, file_name: 'sig"ned.pdf' });
    expect(result).toMatchObject({ is_kept: true, file_name: 'sig"ned.pdf' });
    expect(Buffer.from(await (await fetch(result.link ?? '')).arrayBuffer())).toEqual(BYTES);
  });

  it('sends no token to where the file is, and follows it on', async () => {
    answer = (request, response) => {
      if (request.url === '/moved/proposal.pdf') return serve(request, response);
      response.writeHead(302, { location: '/moved/proposal.pdf' }).end();
    };
    await upload({ file: `${origin}/hydrate/abc` });
    expect(asked).toHaveLength(2);
    for (const headers of asked) {
      expect(headers.authorization).toBeUndefined();
      expect(JSON.stringify(headers)).not.toContain(connection.authData.access_token);
    }
  });

  it('takes the name that the answer gives', async () => {
    answer = (_request, response) => {
      const disposition = 'attachment; filename="../../Offer.pdf"';
      response.writeHead(200, { ...PDF, 'content-disposition': disposition }).end(BYTES);
    };
    expect(await upload({ file: `${origin}/download?id=1` })).toMatchObject({ file_name: 'Offer.pdf' });
  });

  it('checks everything in Test Mode and uploads nothing', async () => {
    expect(await upload({ test_mode: 'yes' })).toMatchObject({
      link: null,
      is_kept: null,
      links: [],
      file_size: BYTES.length,
      is_test: true,
    });
    expect(writes()).toEqual([]);
    expect(await refusalOf({ test_mode: 'yes', field: 'Plan' })).toMatch(/no file field called "Plan"/);
  });

  it('fetches nothing from a closed network, also not by way of another place', async () => {
    process.env.FILE_ORIGINS = '';
    for (const file of [
      `${origin}/a.pdf`,
      'http://localhost/a.pdf',
      'http://169.254.169.254/a.pdf',
      'http://[::1]/a.pdf',
    ]) {
      expect(await refusalOf({ file })).toMatch(/leads into a closed network/);
    }
    expect(asked).toEqual([]);
    process.env.FILE_ORIGINS = origin;
    answer = (_request, response) => {
      response.writeHead(302, { location: 'http://127.0.0.1:1/secret.pdf' }).end();
    };
    expect(await refusalOf({})).toMatch(/leads into a closed network/);
    expect(writes()).toEqual([]);
  });

  it.each<[string, RequestListener, RegExp]>([
    [
      'a sign-in',
      (_request, response) => response.writeHead(403).end(),
      /answers with status 403\. It has to open/,
    ],
    ['no size', (_request, response) => response.writeHead(200).end(BYTES), /its size is not told/],
    [
      'nothing',
      (_request, response) => response.writeHead(200, { 'content-length': '0' }).end(),
      /the file is empty/,
    ],
    [
      'too much',
      (_request, response) =>
        response.writeHead(200, { 'content-length': String(MOST_BYTES + 1) }).flushHeaders(),
      /at most 25\.0 MB can be uploaded/,
    ],
    [
      'a circle',
      (_request, response) => response.writeHead(302, { location: '/x.pdf' }).end(),
      /leads on and on/,
    ],
    ['no answer', (request) => request.socket.destroy(), /does not open/],
  ])('refuses, before anything is written, a link that leads to %s', async (_what, listener, sentence) => {
    answer = listener;
    expect(await refusalOf({})).toMatch(sentence);
    expect(writes()).toEqual([]);
  });

  it.each([
    [{ file: 'proposal.pdf' }, /^File: "proposal\.pdf" cannot be used: it is no link/],
    [{ file: 'ftp://example.com/a.pdf' }, /only plain https and http links/],
    [{ file: 'http://user:secret@example.com/a.pdf' }, /only plain https and http links/],
    [{ file: '' }, /^File: this is empty/],
    [
      { file_name: 'program.exe' },
      /^File Name: "program\.exe" does not end as a file of a kind that HighLevel takes\. Write the ending too, one of \.pdf, /,
    ],
    [{ file_name: 'Proposal for Harbor Cafe' }, /^File Name: "Proposal for Harbor Cafe" does not end as /],
    [{ file_name: '#N/A' }, /^File Name: "#N\/A" is what code or a sheet writes/],
    [
      { field: 'Plan' },
      /^File Field: the opportunity has no file field called "Plan"\. Choose one of these: "Proposal File"\./,
    ],
    [{ opportunity_id: '' }, /both are empty/],
  ])('refuses %j before it writes', async (input, sentence) => {
    expect(await refusalOf(input)).toMatch(sentence);
    expect(writes()).toEqual([]);
  });

  it('knows a field that came since the list was read, by its ID, and takes no part of its name', async () => {
    const { customFields } = connection.sandbox.state;
    await upload({});
    const [like] = [...customFields.values()].filter(
      ({ name, model }) => name === 'Proposal File' && model === 'opportunity',
    );
    if (!like) throw new Error('There is no such field.');
    const field = {
      ...like,
      id: 'fileFieldOfToday0001',
      name: 'My Opportunity.Scan',
      fieldKey: 'opportunity.scan',
    };
    customFields.set(field.id, field);
    expect(await upload({ field: field.id })).toMatchObject({ is_kept: true, field_name: field.name });
    expect(await upload({ field: 'opportunity.scan' })).toMatchObject({ is_kept: true, field_id: field.id });
    expect(await upload({ field: 'My Opportunity.Scan' })).toMatchObject({ field_id: field.id });
    customFields.set('fileFieldOfToday0002', {
      ...field,
      id: 'fileFieldOfToday0002',
      fieldKey: 'opportunity.scan_2',
    });
    connection.forget();
    expect(await refusalOf({ field: 'My Opportunity.Scan' })).toMatch(
      /^File Field: more than one file field of the opportunity is called "My Opportunity\.Scan"\. Map its key or ID/,
    );
    customFields.delete(field.id);
    customFields.delete('fileFieldOfToday0002');
    connection.forget();
  });

  it('says whose field it is, and that there is none to choose', async () => {
    const { customFields } = connection.sandbox.state;
    const kept = [...customFields];
    for (const [id, { dataType, model }] of kept)
      if (dataType === 'FILE_UPLOAD' && model === 'contact') customFields.delete(id);
    connection.forget();
    expect(await refusalOf({ opportunity_id: '', contact_id: contact, field: 'Scan' })).toMatch(
      /^File Field: the contact has no file field called "Scan"\. It has none: create one in HighLevel first\./,
    );
    for (const [id, field] of kept) customFields.set(id, field);
    connection.forget();
  });

  it('says that the permission for it was not asked for, before anything else', async () => {
    const scope = 'opportunities.readonly opportunities.write contacts.write';
    expect(await refusalOf({}, { scope })).toMatch(
      /Edit Custom Fields \(locations\/customFields\.write\) was not granted\. This integration does not ask for it\..*HIGHLEVEL_EXTRA_SCOPES/,
    );
    const fieldsAlone = 'locations/customFields.write opportunities.readonly contacts.readonly';
    expect(await refusalOf({}, { scope: fieldsAlone })).toMatch(/\(opportunities\.write\) was not granted/);
    expect(await refusalOf({ opportunity_id: '', contact_id: contact }, { scope: fieldsAlone })).toMatch(
      /\(contacts\.write\) was not granted/,
    );
    expect(await refusalOf({}, { access: 'read' })).toMatch(/it was connected as "Read Only"/);
    expect(connection.requests()).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('says it where HighLevel did not keep the file in the field', async () => {
    connection.sandbox.fault({
      method: 'PUT',
      path: '/opportunities/*',
      status: 200,
      body: { opportunity: { id: opportunity } },
    });
    expect(await upload({})).toMatchObject({ is_kept: false });
  });

  it('says why HighLevel did not take the file, though it answered with success', async () => {
    connection.sandbox.fault({
      method: 'POST',
      path: '/locations/*',
      status: 200,
      body: { success: false, message: 'The storage is full' },
    });
    const error = await errorOf(upload({}));
    expect([error.name, sentenceOf(error)]).toEqual([
      'HaltedError',
      expect.stringMatching(/^HighLevel could not upload the file: The storage is full\./),
    ]);
    expect(writes()).toHaveLength(1);
  });
});
