import type { Digest } from './digest.ts';

/** What changed for one thing that the app uses. */
export interface Change {
  /** `breaks`: a request is refused, or an answer lacks something. `look`: read it and decide. */
  weight: 'breaks' | 'look';
  operation: string;
  says: string;
}

type Said = Pick<Change, 'weight' | 'says'>;
type Fields = Record<string, string>;

/**
 * Compares what the project was built on with a newer copy, in words.
 *
 * @param before the used part of a digest
 * @param after a whole digest: what is new in it and need not be sent is of no account
 */
export function compare(before: Digest, after: Digest): Change[] {
  return Object.entries(before).flatMap(([operation, old]): Change[] => {
    const now = after[operation];
    const said = now
      ? [
          ...deprecationChanges(old.deprecated, now.deprecated),
          ...scopeChanges(old.scopes, now.scopes),
          ...listChanges('It was served at', old.servers, now.servers),
          ...listChanges('It took', old.takes, now.takes),
          ...listChanges('It answered with', old.answers, now.answers),
          ...fieldChanges(old.fields, now.fields),
        ]
      : [breaks('The operation is gone. Look in HighLevel’s changelog for what takes its place.')];
    return said.map((one) => ({ operation, ...one }));
  });
}

function breaks(says: string): Said {
  return { weight: 'breaks', says };
}

function look(says: string): Said {
  return { weight: 'look', says };
}

function scopeChanges(before: string[], after: string[]): Said[] {
  if (before.join() === after.join()) return [];
  const list = (scopes: string[]) => scopes.join(' or ') || 'none';
  return [
    breaks(
      `It needed the permission ${list(before)} and needs ${list(after)} now. Change its scope in highlevel/, and ask for it in highlevel/http/permissions.ts.`,
    ),
  ];
}

function deprecationChanges(before: true | undefined, after: true | undefined): Said[] {
  return after && !before ? [look('It is deprecated now. Look for what takes its place.')] : [];
}

/** Addresses or kinds of content: one that is gone breaks what used it, a further one does not. */
function listChanges(it: string, before: string[], after: string[]): Said[] {
  const gone = before.filter((one) => !after.includes(one));
  const fresh = after.filter((one) => !before.includes(one));
  const now = after.join(', ') || 'nothing';
  if (gone.length > 0) return [breaks(`${it} ${gone.join(', ')}, and now: ${now}.`)];
  return fresh.length > 0 ? [look(`${it} ${before.join(', ') || 'nothing'}, and now: ${now}.`)] : [];
}

function fieldChanges(before: Fields, after: Fields): Said[] {
  const gone = topmost(Object.keys(before).filter((at) => !(at in after)));
  const fresh = topmost(Object.keys(after).filter((at) => !(at in before)));
  const heirs = new Map<string, string>();
  for (const at of gone) {
    const taken = new Set(heirs.values());
    const heir = fresh.find((one) => !taken.has(one) && parent(one) === parent(at) && alike(at, one));
    if (heir) heirs.set(at, heir);
  }
  const renamed = new Set(heirs.values());
  const mustBeSent = fresh.filter((at) => isRequired(after[at]) && !isAnswer(at) && !renamed.has(at));
  return [
    ...gone.map((at) => {
      const heir = heirs.get(at);
      return breaks(`${where(at)} ${heir ? `seems to be called "${nameOf(heir)}" now` : 'is gone'}.`);
    }),
    ...mustBeSent.map((at) => breaks(`${where(at)} is new and must be sent (${typeIn(after[at])}).`)),
    ...Object.keys(before).flatMap((at) => changes(at, before[at], after[at])),
  ];
}

function changes(at: string, old: string | undefined, now: string | undefined): Said[] {
  if (now === undefined) return [];
  const said = [...typeChanges(at, typeIn(old), typeIn(now)), ...noteChanges(at, notesIn(old), notesIn(now))];
  if (isRequired(old) === isRequired(now) || isAnswer(at)) return said;
  return isRequired(now)
    ? [...said, breaks(`${where(at)} must be sent now.`)]
    : [...said, look(`${where(at)} need not be sent any more.`)];
}

/** Choices that only become more refuse nothing that was sent; in an answer they may be new to the app. */
function typeChanges(at: string, old: string, now: string): Said[] {
  if (old === now) return [];
  const [before, after] = [old.split('|'), now.split('|')];
  const fresh = after.filter((choice) => !before.includes(choice));
  const onlyGrows = isChoice(at, old) && before.every((choice) => after.includes(choice));
  return onlyGrows
    ? [look(`${where(at)} knows ${fresh.join(', ')} too now.`)]
    : [breaks(`${where(at)} was ${old} and is ${now} now.`)];
}

/** One allowed value looks like a type; a header's is a value. */
function isChoice(at: string, type: string): boolean {
  return type.includes('|') || at.startsWith('header.');
}

/** A limit that becomes tighter refuses what was sent; one that becomes wider, or goes, does not. */
function noteChanges(at: string, old: string[], now: string[]): Said[] {
  const limits = ['at least', 'at most'].flatMap((bound) => {
    const [before, after] = [old, now].map((notes) => notes.find((note) => note.startsWith(bound)));
    if (before === after) return [];
    const says = `${where(at)} took ${before ?? 'any number'} and takes ${after ?? 'any number'} now.`;
    const [was, is] = [before, after].map((note) => Number(/\d+/.exec(note ?? '')?.[0] ?? Number.NaN));
    const isTighter =
      after !== undefined &&
      (before === undefined || (bound === 'at most' ? Number(is) < Number(was) : Number(is) > Number(was)));
    return [isTighter ? breaks(says) : look(says)];
  });
  const isNewlyDeprecated = now.includes('deprecated') && !old.includes('deprecated');
  return [
    ...limits,
    ...(isNewlyDeprecated ? [look(`${where(at)} is deprecated now. Look for what takes its place.`)] : []),
  ];
}

/** Without what lies within another one of them. */
function topmost(places: string[]): string[] {
  const lies = (at: string, within: string) => at.startsWith(`${within}.`) || at.startsWith(`${within}[`);
  return places.filter((at) => !places.some((other) => lies(at, other)));
}

/** One name in another spelling: `location_id` and `locationId`, `succeded` and `succeeded`. */
function alike(a: string, b: string): boolean {
  const plain = (at: string) =>
    nameOf(at)
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '');
  const [one, other] = [plain(a), plain(b)];
  const partly = Math.min(one.length, other.length) > 3 && (one.includes(other) || other.includes(one));
  return one === other || partly || isOneLetterOff(one, other);
}

function isOneLetterOff(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  const at = [...long].findIndex((letter, index) => letter !== short[index]);
  const rest = long.slice(at + 1);
  return rest === short.slice(at) || rest === short.slice(at + 1);
}

function isRequired(field: string | undefined): boolean {
  return field?.startsWith('required ') ?? false;
}

function typeIn(field: string | undefined): string {
  return (field ?? '').replace(/^required /, '').split('; ', 1)[0] ?? '';
}

function notesIn(field: string | undefined): string[] {
  return (field ?? '').split('; ').slice(1);
}

function isAnswer(at: string): boolean {
  return at.startsWith('answer');
}

function nameOf(at: string): string {
  return (at.split('.').at(-1) ?? at).replaceAll('[]', '');
}

function parent(at: string): string {
  return at.split('.').slice(0, -1).join('.');
}

const PLACES: Record<string, string> = {
  query: 'The parameter',
  path: 'The part of the path',
  header: 'The header',
  body: 'The field sent',
  answer: 'The field answered',
};

function where(at: string): string {
  const [place = '', ...name] = at.split('.');
  return `${PLACES[place.replaceAll('[]', '')] ?? place} "${name.join('.')}"`;
}
