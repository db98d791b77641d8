/** Which advertisement brought the contact of an opportunity. */

/** Null for what is not told; all are texts as HighLevel keeps them. */
export interface Attribution {
  gclid: string | null;
  fbclid: string | null;
  fbc: string | null;
  fbp: string | null;
  msclkid: string | null;
  utm_source: string | null;
  utm_medium: string | null;
  utm_campaign: string | null;
  utm_content: string | null;
  utm_term: string | null;
  ad_id: string | null;
  ad_group_id: string | null;
  campaign_id: string | null;
  landing_page: string | null;
  referrer: string | null;
}

/**
 * The keys that HighLevel is known or likely to use, the likelier first. [spec: AttributionSource, its `msclikid` with
 * it; assumed: utmCampaign, utmTerm, utmKeyword, adId, adGroupId]
 */
const KEYS: Record<keyof Attribution, string[]> = {
  gclid: ['gclid'],
  fbclid: ['fbclid'],
  fbc: ['fbc'],
  fbp: ['fbp'],
  msclkid: ['msclikid', 'msclkid'],
  utm_source: ['utmSource'],
  utm_medium: ['utmMedium'],
  utm_campaign: ['utmCampaign', 'campaign'],
  utm_content: ['utmContent'],
  utm_term: ['utmTerm', 'utmKeyword'],
  ad_id: ['adId'],
  ad_group_id: ['adGroupId'],
  campaign_id: ['campaignId'],
  landing_page: ['url'],
  referrer: ['referrer'],
};

/** The keys, in the order in which people see them. */
export const ATTRIBUTION_KEYS = Object.keys(KEYS) as (keyof Attribution)[];

export interface Attributions {
  /** What first brought the contact; empty where nothing is known. */
  first_attribution: Attribution | Record<string, never>;
  /** What brought the contact last; empty where nothing is known. */
  last_attribution: Attribution | Record<string, never>;
}

/**
 * The first and the last of a row's `attributions`. Which is which `isFirst` and `isLast` tell [assumed], or else the
 * order.
 */
export function attributionsOf(entries: unknown[]): Attributions {
  const rows = entries.filter(
    (entry): entry is Record<string, unknown> => typeof entry === 'object' && entry !== null,
  );
  const first = rows.find(({ isFirst }) => isTrue(isFirst)) ?? rows[0];
  const last = rows.find(({ isLast }) => isTrue(isLast)) ?? rows.at(-1);
  return { first_attribution: first ? read(first) : {}, last_attribution: last ? read(last) : {} };
}

function isTrue(mark: unknown): boolean {
  return String(mark) === 'true';
}

/** An id of digits may come as a number. */
function textOf(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) || null : null;
}

function read(row: Record<string, unknown>): Attribution {
  const told = (key: keyof Attribution) =>
    KEYS[key].map((name) => textOf(row[name])).find((value) => value !== null) ?? null;
  return Object.fromEntries(ATTRIBUTION_KEYS.map((key) => [key, told(key)])) as unknown as Attribution;
}
