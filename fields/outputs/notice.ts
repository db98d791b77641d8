/** What an action did otherwise than it was asked, for a person to read and for a Zap to go by. */
export const noticeOutput = { key: 'notice', label: 'Notice', type: 'string' } as const;

/**
 * @param sentences null for those that do not apply
 * @returns null where all was done as asked
 */
export function noticeOf(...sentences: (string | null | undefined)[]): string | null {
  return sentences.filter(Boolean).join(' ') || null;
}

/** Said of what was created where HighLevel's answer does not name it, and it is not found either. */
export function idNotTold(thing: string): string {
  return `HighLevel took the ${thing} and did not say which ID it has, so "ID" is empty. Look at the contact in HighLevel.`;
}
