import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fail } from '../server/errors.ts';
import { ownLocation } from '../server/guard.ts';
import type { SandboxContext } from '../state/context.ts';

/** The largest body of an upload, in bytes; HighLevel states none for this endpoint [assumed]. */
const UPLOAD_LIMIT = 50 * 1024 * 1024;

interface OfLocation {
  Params: { locationId: string };
}

async function formOf(request: FastifyRequest): Promise<FormData> {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data') || !Buffer.isBuffer(request.body)) {
    return fail(400, 'The body must be multipart/form-data.');
  }
  try {
    const body = new Uint8Array(request.body);
    return await new Response(body, { headers: { 'content-type': type } }).formData();
  } catch {
    return fail(400, 'The multipart body cannot be read.');
  }
}

function textOf(form: FormData, key: string): string | null {
  const value = form.get(key);
  return typeof value === 'string' && value !== '' ? value : null;
}

function isKnown(ctx: SandboxContext, locationId: string, id: string): boolean {
  const { contacts, opportunities, customFields } = ctx.state;
  return [contacts, opportunities, customFields].some(
    (records) => records.get(id)?.locationId === locationId,
  );
}

/**
 * POST /locations/{locationId}/customFields/upload: files with the id of a contact, an opportunity or a custom field
 * [spec: locations]. It only stores them: their URL is written into a field by a second call [assumed], and anyone who
 * has the URL can read the file [assumed]. The sentences of the refusals are [assumed].
 */
export function registerUploadRoutes(app: FastifyInstance, ctx: SandboxContext): void {
  app.register(async (inner) => {
    inner.addContentTypeParser(
      'multipart/form-data',
      { parseAs: 'buffer', bodyLimit: UPLOAD_LIMIT },
      (_request, body, done) => done(null, body),
    );

    inner.post<OfLocation>('/locations/:locationId/customFields/upload', async (request) => {
      const { locationId } = request.params;
      ownLocation(ctx, request.caller, locationId);
      const form = await formOf(request);
      const id = textOf(form, 'id') ?? fail(400, 'id should not be empty');
      if (!isKnown(ctx, locationId, id))
        fail(400, `No contact, opportunity or custom field has the id ${id}`);
      const parts = [...form.entries()].flatMap(([field, value]) =>
        typeof value === 'string' ? [] : [{ field, file: value }],
      );
      if (parts.length === 0) fail(400, 'No file was uploaded');
      const most = Number(textOf(form, 'maxFiles') ?? '15');
      if (parts.length > most) fail(400, `At most ${most} files can be uploaded`);

      const meta = await Promise.all(
        parts.map(async ({ field, file }) => {
          const bytes = Buffer.from(await file.arrayBuffer());
          const mimetype = file.type || 'application/octet-stream';
          const name = ctx.files.add({ bytes, mimetype }, file.name);
          return {
            fieldname: field,
            originalname: file.name,
            encoding: '7bit',
            mimetype,
            size: bytes.length,
            url: `http://${request.host}/files/${locationId}/${name}`,
          };
        }),
      );
      return {
        uploadedFiles: Object.fromEntries(meta.map(({ originalname, url }) => [originalname, url])),
        meta,
      };
    });
  });

  app.get<{ Params: { locationId: string; name: string } }>(
    '/files/:locationId/:name',
    { config: { open: true } },
    async ({ params }, reply) => {
      const file = ctx.files.get(params.name) ?? fail(404, 'There is no such file.');
      return reply.type(file.mimetype).send(file.bytes);
    },
  );
}
