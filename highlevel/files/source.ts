import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { basename, extname } from 'node:path/posix';
import type { Readable } from 'node:stream';
import { USER_AGENT } from '../http/environment.ts';
import type { Errors } from '../http/error-kinds.ts';
import { shortened } from '../http/shortened.ts';

/** A file of an earlier step, opened and checked, with none of its bytes read yet. */
export interface Source {
  stream: Readable;
  name: string;
  type: string;
  /** In bytes. */
  size: number;
}

/** What HighLevel's own upload of a file field takes. [assumed] */
export const TYPES: Record<string, string> = {
  '.pdf': 'application/pdf',
  '.doc': 'application/msword',
  '.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  '.xls': 'application/vnd.ms-excel',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '.csv': 'text/csv',
  '.txt': 'text/plain',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.gif': 'image/gif',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
  '.mp3': 'audio/mpeg',
  '.mp4': 'video/mp4',
  '.zip': 'application/zip',
};

const KINDS = Object.keys(TYPES).join(', ');

function typeOf(name: string): string | undefined {
  return TYPES[extname(name).toLowerCase()];
}

/** Loaded when used: it brings node:dns and lists of addresses, which no other step needs. */
const addresses = () => import('./public-address.ts');

/** What an upload can end within Zapier's 30 s, and what HighLevel takes. [assumed] */
export const MOST_BYTES = 25 * 1024 * 1024;
const MOST_REDIRECTS = 5;
const TIMEOUT_MS = 8_000;

/**
 * Opens a file by its link: without any token, and from no closed address, on the way there as well. The link of a file
 * of an earlier step is Zapier's own, and leads on to where the file is kept. [docs: files]
 *
 * @param name what the file is to be called, where not as it is
 * @param labels of the input fields for the link and the name, for the errors
 * @throws errors.HaltedError for a link that leads to no file that can be taken
 */
export async function openSource(
  errors: Errors,
  {
    url: written,
    name: wanted,
    labels,
  }: { url: string; name: string | undefined; labels: { file: string; name: string } },
): Promise<Source> {
  const refuse = (why: string): never => {
    throw new errors.HaltedError(`${labels.file}: "${written}" cannot be used: ${why}`);
  };
  if (wanted !== undefined && !typeOf(wanted)) {
    throw new errors.HaltedError(
      `${labels.name}: "${shortened(wanted)}" does not end as a file of a kind that HighLevel takes. Write the ending too, one of ${KINDS}, or leave this empty for the name that the file has.`,
    );
  }
  if (!URL.canParse(written)) refuse('it is no link. Map the file itself, or a link to it.');
  const { ClosedAddress } = await addresses();
  let url = new URL(written);
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const response = await get(url).catch((error: unknown) =>
      refuse(
        error instanceof ClosedAddress
          ? 'it leads into a closed network, from which nothing is fetched.'
          : `it does not open (${(error as Error).message}).`,
      ),
    );
    const { statusCode: status = 0, headers } = response;
    if (status >= 300 && status < 400 && headers.location && URL.canParse(headers.location, url.href)) {
      response.destroy();
      url = new URL(headers.location, url);
      continue;
    }
    const end = (why: string): never => {
      response.destroy();
      return refuse(why);
    };
    if (status !== 200) end(`it answers with status ${status}. It has to open without a sign-in.`);
    const size = Number(headers['content-length']);
    if (!Number.isInteger(size)) end('its size is not told, so that it cannot be checked.');
    if (size === 0) end('the file is empty.');
    if (size > MOST_BYTES) {
      end(`the file has ${inMegabytes(size)} MB, and at most ${inMegabytes(MOST_BYTES)} MB can be uploaded.`);
    }
    const name = wanted ?? nameIn(headers['content-disposition']) ?? decoded(basename(url.pathname));
    const type = typeOf(name);
    if (!type) {
      return end(
        `"${name}" is not of a kind that HighLevel takes. It takes ${KINDS}. Where the link does not end in the file's name, write it under ${labels.name}.`,
      );
    }
    return { stream: response, name, type, size };
  }
  return refuse('it leads on and on.');
}

async function get(url: URL): Promise<IncomingMessage> {
  const { ClosedAddress, isPublic, publicLookup } = await addresses();
  if (!/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw new Error('only plain https and http links are fetched');
  }
  const trusted = trustedOrigins().includes(url.origin);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // An address written out is never looked up, so it is checked here.
  if (!trusted && isIP(host) && !isPublic(host)) throw new ClosedAddress(host);
  // Loaded when used: as a module, node:http brings all of undici into every call of every step.
  const { get: open } = await (url.protocol === 'https:' ? import('node:https') : import('node:http'));
  return new Promise((resolve, reject) => {
    const request = open(
      url,
      {
        headers: { 'user-agent': USER_AGENT, accept: '*/*', 'accept-encoding': 'identity' },
        ...(trusted ? {} : { lookup: publicLookup as never }),
        timeout: TIMEOUT_MS,
      },
      resolve,
    );
    request.on('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} seconds`)));
    request.on('error', reject);
  });
}

/** Origins that may be fetched from though their address is closed, separated by spaces: a publisher's own network. */
function trustedOrigins(): string[] {
  return (process.env.FILE_ORIGINS ?? '').split(/\s+/).filter(Boolean);
}

function nameIn(disposition: string | undefined): string | null {
  const found = disposition?.match(/filename\*=UTF-8''([^;]+)/i)?.[1];
  if (found) return basename(decoded(found));
  const plain = disposition?.match(/filename="?([^";]+)"?/i)?.[1];
  return plain ? basename(plain) : null;
}

/** The text itself where its percent signs are no encoding. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const inMegabytes = (bytes: number) => (bytes / 1024 / 1024).toFixed(1);
