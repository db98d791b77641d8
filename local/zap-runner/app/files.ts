import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { closeServer, listen } from '../loopback.ts';

/** Where Zapier keeps files for a while: each under an address that whoever knows it may read. */
export type FileStore = {
  /** `http://127.0.0.1:port`, where Zapier's is a public address. */
  origin: string;
  /** Keeps a file and gives its address. */
  keep: (bytes: Uint8Array, name: string, contentType: string) => string;
  /** What z.stashFile uploads to [source core/src/tools/uploader.js]. */
  presign: () => { url: string; fields: { key: string } };
  close: () => Promise<void>;
};

type StoredFile = { bytes: Uint8Array; name: string; contentType: string };

/** Starts the store on loopback; what it holds ends with it. How long Zapier keeps a file is not emulated. */
export async function startFileStore(): Promise<FileStore> {
  const files = new Map<string, StoredFile>();
  const server = createServer((request, response) => {
    const answered = request.method === 'POST' ? upload(request, response) : download(request, response);
    answered.catch((error: unknown) => {
      response.statusCode = 400;
      response.end(error instanceof Error ? error.message : String(error));
    });
  });

  async function upload(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = { 'content-type': request.headers['content-type'] ?? '' };
    const form = await new Response(Buffer.concat(chunks), { headers }).formData();
    const file = form.get('file');
    if (typeof file === 'string' || file === null) throw new Error('There is no file in the form.');
    const bytes = new Uint8Array(await file.arrayBuffer());
    files.set(String(form.get('key')), { bytes, name: file.name, contentType: file.type });
    response.statusCode = 204;
    response.end();
  }

  async function download(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = files.get((request.url ?? '').slice(1));
    if (!file) {
      response.statusCode = 404;
      response.end();
      return;
    }
    response.setHeader('content-type', file.contentType);
    response.setHeader('content-length', file.bytes.byteLength);
    response.setHeader(
      'content-disposition',
      `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    );
    response.end(request.method === 'HEAD' ? undefined : file.bytes);
  }

  const origin = await listen(server);
  return {
    origin,
    keep(bytes, name, contentType) {
      const key = `files/${randomUUID()}`;
      files.set(key, { bytes, name, contentType });
      return `${origin}/${key}`;
    },
    presign: () => ({ url: `${origin}/`, fields: { key: `files/${randomUUID()}` } }),
    close: () => closeServer(server),
  };
}
