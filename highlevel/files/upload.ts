import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import * as s from 'zod/mini';
import type { Client, Endpoint } from '../http/client.ts';
import { noAnswer, refusal } from '../http/errors.ts';
import { refusedStatus } from '../http/problem.ts';
import type { Source } from './source.ts';

/** It only stores the file; the field that is to hold it is written by a request of its own. [spec; assumed] */
export const UPLOAD_FILE: Endpoint = {
  method: 'POST',
  path: '/locations/{locationId}/customFields/upload',
  scope: 'locations/customFields.write',
  doing: 'upload the file',
  repeatable: false,
};

const answer = s.lazy(() => s.looseObject({ uploadedFiles: s.record(s.string(), s.string()) }));

/**
 * Uploads a file to HighLevel, byte by byte as it comes.
 *
 * @param recordId the opportunity or contact that it is for [spec]
 * @returns the file's link at HighLevel
 * @throws as `call` does
 */
export async function uploadFile(client: Client, source: Source, recordId: string): Promise<string> {
  client.requirePermission(UPLOAD_FILE);
  const { method, path } = UPLOAD_FILE;
  const purpose = { ...UPLOAD_FILE, writes: true };
  const { body, headers } = multipart(source, { id: recordId, maxFiles: '1' });
  const here = path.replace('{locationId}', encodeURIComponent(client.locationId()));
  const given = await client.send({ method, path: here, headers, body }, purpose);
  const { data } = given;
  const refused = refusedStatus(data);
  if (refused !== null) throw refusal(client.errors, { ...given, status: refused }, purpose);
  const read = s.safeParse(answer, data);
  const [link] = read.success ? Object.values(read.data.uploadedFiles) : [];
  if (!link) throw noAnswer(client.errors, purpose, 'its answer names no link of the file');
  return link;
}

/** A form with one file, whose length is known beforehand. */
function multipart(source: Source, fields: Record<string, string>) {
  const boundary = `file-${randomUUID()}`;
  const part = (disposition: string, more = '') =>
    `--${boundary}\r\ncontent-disposition: form-data; ${disposition}\r\n${more}\r\n`;
  const texts = Object.entries(fields).map(([name, value]) => `${part(`name="${name}"`)}${value}\r\n`);
  const name = quoted(source.name);
  const head = Buffer.from(
    texts.join('') + part(`name="${name}"; filename="${name}"`, `content-type: ${source.type}\r\n`),
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  async function* bytes() {
    yield head;
    yield* source.stream;
    yield tail;
  }
  return {
    body: Readable.from(bytes(), { objectMode: false }),
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(head.length + source.size + tail.length),
    },
  };
}

/** As browsers write a file's name there. */
function quoted(name: string): string {
  return name.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22');
}
