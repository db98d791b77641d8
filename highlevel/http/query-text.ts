const LONGEST = 75;

/**
 * Text as HighLevel's searches take it, 75 characters at most (opportunities.ts and contacts.ts say how that is known).
 * It ends with a whole word, because a search for a part of one might find nothing. [assumed]
 */
export function queryText(text: string): string {
  if (text.length <= LONGEST) return text;
  const lastSpace = text.lastIndexOf(' ', LONGEST);
  return text.slice(0, lastSpace > 0 ? lastSpace : LONGEST);
}
