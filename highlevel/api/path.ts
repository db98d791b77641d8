import { apiUrl } from '../http/environment.ts';

/**
 * What is wrong with a path that a person wrote, as the end of a sentence; null where nothing is.
 *
 * The token goes along with the request, so only what plainly stays below the API's own host is let through. Anything
 * that a parser on the way might read as another host or as a step upwards is refused, encoded or not.
 */
export function pathProblem(path: string): string | null {
  if (!/^\/(?!\/)/.test(path)) {
    return 'it must begin with one slash, such as /contacts/. The host is always HighLevel’s own.';
  }
  if (path.includes('?')) return 'write what stands after the question mark as Query.';
  const decoded = decodedOnce(path);
  if (decoded === null) return 'a percent sign in it does not begin the code of a character.';
  const slashes = (text: string) => text.split('/').length;
  if (slashes(decoded) !== slashes(path) || !/^[\p{L}\p{N}/\-_.~:,=+]+$/u.test(decoded)) {
    return 'it may hold letters, digits, slashes, and the signs - _ . ~ : , = + alone.';
  }
  const segments = decoded.split('/').slice(1);
  if (segments.some((segment) => segment.startsWith('.'))) return 'no part of it may begin with a dot.';
  if (segments.slice(0, -1).includes('')) return 'there are two slashes in a row in it.';
  if (segments[0]?.toLowerCase() === 'oauth') {
    return 'the sign-in belongs to the connection, so nothing below /oauth can be asked.';
  }
  return staysBelow(path) ? null : 'it leads elsewhere than it says.';
}

/** The last word is the parser's that the request itself goes through. */
function staysBelow(path: string): boolean {
  const base = new URL(apiUrl());
  const url = new URL(`${apiUrl()}${path}`);
  const whole = `${base.pathname.replace(/\/$/, '')}${path}`;
  return (
    url.origin === base.origin && url.username === '' && decodedOnce(url.pathname) === decodedOnce(whole)
  );
}

function decodedOnce(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
