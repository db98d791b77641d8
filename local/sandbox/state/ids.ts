import { randomBytes } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 20;

/** A generator of the same numbers for the same seed (mulberry32), each 0 to 1. */
function seededNumbers(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Makes record ids as HighLevel's look: 20 letters and digits [recorded].
 *
 * @param seed with a seed the ids are the same in every run; without one they are random.
 */
export function idMaker(seed?: number): () => string {
  const next = seed === undefined ? null : seededNumbers(seed);
  return () => {
    const bytes = next === null ? randomBytes(LENGTH) : null;
    let id = '';
    for (let i = 0; i < LENGTH; i += 1) {
      const pick = bytes === null ? Math.floor((next?.() ?? 0) * 256) : (bytes[i] ?? 0);
      id += ALPHABET[pick % ALPHABET.length];
    }
    return id;
  };
}
