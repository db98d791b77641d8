/** Chance that comes out the same in every run, so that a seeded sandbox can be spoken about by its ids. */
export interface SeedRandom {
  /** A number from 0 up to, not including, 1. */
  next(): number;
  /** A whole number from 0 up to, not including, `below`. */
  below(below: number): number;
  pick<T>(list: readonly [T, ...T[]]): T;
  /** 20 characters of [A-Za-z0-9], as HighLevel's record ids look [recorded]. */
  id(): string;
  /** A version 4 UUID, as HighLevel's stage ids look [recorded]. */
  uuid(): string;
}

const ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * Makes a small pseudo-random source (a Weyl sequence put through a 32-bit mixer). Not for secrets.
 *
 * @param seed where the sequence starts; the same seed gives the same sequence
 */
export function seedRandom(seed: number): SeedRandom {
  let state = seed >>> 0;
  const next32 = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
  const below = (limit: number): number => Math.floor((next32() / 2 ** 32) * limit);
  return {
    next: () => next32() / 2 ** 32,
    below,
    pick: (list) => list[below(list.length)] ?? list[0],
    id: () => {
      let id = '';
      // Five characters a draw: 62^5 fits into 32 bits, and a hundred thousand opportunities want many ids.
      for (let part = 0; part < 4; part++) {
        let rest = next32();
        for (let letter = 0; letter < 5; letter++) {
          id += ID_ALPHABET[rest % 62];
          rest = Math.floor(rest / 62);
        }
      }
      return id;
    },
    uuid: () => {
      const hex = Array.from({ length: 4 }, () => next32().toString(16).padStart(8, '0')).join('');
      const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) % 4];
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
  };
}
