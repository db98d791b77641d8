/**
 * Title Case as the usual newspaper rule has it: these small words stay small, except at the start, at the end and
 * after a colon or bracket; every other word, and each part of a hyphenated one, begins with a capital or no letter.
 * Zapier asks for title case (D018) without saying which; this is the list that title-casing libraries share. [assumed]
 */
const SMALL = /^(a|an|and|as|at|but|by|en|for|if|in|of|on|or|the|to|v|via|vs)$/i;

export function titleCase(label: string): string {
  const words = label.split(' ');
  return words
    .map((word, index) => {
      const inside = index > 0 && index < words.length - 1 && !words[index - 1]?.endsWith(':');
      if (inside && SMALL.test(word)) return word.toLowerCase();
      return word
        .split('-')
        .map((part) => part.replace(/\p{L}/u, (letter, at: number) => startOf(part, letter, at)))
        .join('-');
    })
    .join(' ');
}

/** `iPhone` and `2nd` are right as they are. */
function startOf(part: string, letter: string, at: number): string {
  return /\d/.test(part.slice(0, at)) || /^\p{Ll}\p{Lu}/u.test(part) ? letter : letter.toUpperCase();
}
