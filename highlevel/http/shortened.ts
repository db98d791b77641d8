const MOST = 200;

/** What was written, as an error quotes it: a whole document would hide what the sentence says of it. */
export function shortened(text: string, most = MOST): string {
  const letters = Array.from(text);
  return letters.length > most ? `${letters.slice(0, most).join('')}…` : text;
}
