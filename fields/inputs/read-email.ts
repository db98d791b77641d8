import type { ZObject } from 'zapier-platform-core';
import { shortened } from '../../highlevel/http/shortened.ts';
import { readText, withoutInvisible } from './read-text.ts';

/** A name, of letters, digits and the signs that RFC 5322 allows, with single dots between. */
const NAME = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
/** Names of a domain, the last of which is no number and not a single letter. */
const DOMAIN =
  /^(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?\.)+(?:xn--[a-z0-9-]+|\p{L}[\p{L}\p{M}]+)$/iu;
/** By RFC 5321. */
const MOST_OF_NAME = 64;
const MOST = 254;

/**
 * An email address, by its outline, without what links and exports put around it.
 *
 * @param label the input field's label
 * @returns undefined where the field is empty
 * @throws HaltedError for what is none
 */
export function readEmail(z: ZObject, label: string, value: unknown): string | undefined {
  const text = readText(value);
  if (text === undefined) return undefined;
  const address = cleanEmail(text);
  if (isEmail(address)) return address;
  throw new z.errors.HaltedError(
    `${label}: "${shortened(text)}" is not an email address. Write one, for example sam@example.com.`,
  );
}

function isEmail(address: string): boolean {
  const [name = '', domain = '', ...more] = address.split('@');
  const fits = name.length <= MOST_OF_NAME && address.length <= MOST && more.length === 0;
  return fits && NAME.test(name) && !/^\w+:|[/|]/.test(name) && DOMAIN.test(domain);
}

/** The address that a search looks for, also of `Ann <a@b.example>` or `mailto:a@b.example`; nothing is refused. */
export function cleanEmail(text: string): string {
  const shown = withoutInvisible(text.normalize('NFKC')).trim();
  const [, name = '', address] = NAMED.exec(shown) ?? [];
  return address && (!name.includes('@') || bare(name) === address) ? address : bare(shown);
}

/** As the sender of a message is written; the name may be the address once more. */
const NAMED = /^([^<>]*)<\s*(?:mailto:)?([^\s<>]+)\s*>$/i;

function bare(shown: string): string {
  return (
    shown
      .trim()
      .replace(/^["'<(]*(?:mailto:)?/i, '')
      .replace(/["'>).,;]+$/, '') || shown
  );
}
