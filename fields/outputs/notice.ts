/** What an action did otherwise than it was asked, for a person to read and for a Zap to go by. */
export const noticeOutput = { key: 'notice', label: 'Notice', type: 'string' } as const;

/**
 * @param sentences null for those that do not apply
 * @returns null where all was done as asked
 */
export function noticeOf(...sentences: (string | null | undefined)[]): string | null {
  return sentences.filter(Boolean).join(' ') || null;
}
