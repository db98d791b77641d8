/**
 * An ISO 8601 time with offset, as Zapier asks of every time, or null for what is no time.
 *
 * @param value ISO text, with or without offset (HighLevel's are UTC [recorded]), or ms since the epoch
 */
export function isoTime(value: string | number | null | undefined): string | null {
  if (value === null || value === undefined || value === '') return null;
  const bare = typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+$/.test(value);
  const time = new Date(bare ? `${value}Z` : value);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
