/**
 * The samples of one field: what it was seen to be, and when, over the last hours and in the order of HighLevel's
 * clock, whatever order they came in. A change lies wherever two neighbours differ, and is reported once: a sample of
 * it bears the mark. So it does not matter which of HighLevel's redundant events comes first, twice, late or never.
 */
export type Timeline<Value> = readonly Sample<Value>[];

interface Sample<Value> {
  /** In ms since the epoch, by HighLevel's clock. */
  at: number;
  value: Value;
  /**
   * `reported`: the change to this value was reported, or needs no report. `recovered`: so, of a reading of what came
   * of changes that no event told; those are not told later. `claimed`: an event says that it changed here, and that
   * was taken for a change already reported. `seen`: none of these.
   */
  mark: 'seen' | 'claimed' | 'reported' | 'recovered';
  /** Whether changes after it may have been lost, up to the next sample. */
  doubtful?: true;
}

/**
 * What an event claims of a field: that it was `seen` so, that it `changed` to this, or that the opportunity was
 * `given` it when it was made, which is no change. Or what a reading says, which counts only where no event is newer:
 * that it `is` so, or that it `became` so though nothing was known of it before.
 */
export type Claim = 'seen' | 'changed' | 'given' | 'is' | 'became';

/** A change of the field's value. */
export interface Transition<Value> {
  /** Undefined where it is not known. */
  from: Value | undefined;
  to: Value;
  at: number;
  /** Whether a reading made it known, and no event: it may stand for several. */
  recovered: boolean;
}

/**
 * A change and the events about it lie this close to each other, by HighLevel's clock, in ms. [assumed: the sandbox
 * and reports of issue #27 have them within a second] "Changed to what it was" is within it a repetition, beyond it
 * the trace of a change that was lost on the way.
 */
const SAME_CHANGE_MS = 60_000;

/** How far back order matters, in ms: HighLevel's last retry comes about 70 minutes after the event. [docs] */
const MEMORY_MS = 2 * 60 * 60 * 1000;

/** More samples of one field within those hours than a person makes by hand. */
const MAX_SAMPLES = 64;

/**
 * Adds one event's sample of a field.
 *
 * @param same whether two values are one
 * @returns the timeline with it, and the changes that are now known and were not reported before, oldest first
 */
export function observe<Value>(
  timeline: Timeline<Value>,
  { at, value, claim }: { at: number; value: Value; claim: Claim },
  same: (a: Value, b: Value) => boolean,
): { timeline: Timeline<Value>; transitions: Transition<Value>[] } {
  const isRead = claim === 'is' || claim === 'became';
  if (isRead && at < (timeline.at(-1)?.at ?? at)) return { timeline, transitions: [] };
  const samples = timeline.map((sample) => ({ ...sample }));
  const own = insert(samples, at, value, same);
  const transitions: Transition<Value>[] = [];
  let before: Sample<Value> | undefined;
  const all = periods(samples, same);
  const settled = all.findLastIndex((period) => period.some(({ mark }) => mark === 'recovered'));
  for (const [index, period] of all.entries()) {
    const again = period.includes(own) ? applyClaim(period, own, claim) : [];
    if (index >= settled) transitions.push(...again);
    // What stands first was perhaps always so, unless something says that it changed.
    const news = before ? period[0] : period.find(({ mark }) => mark === 'claimed');
    if (news && index > settled && !period.some(isReported)) {
      news.mark = isRead ? 'recovered' : 'reported';
      const from = before?.doubtful && !isRead ? undefined : before?.value;
      transitions.push({ from, to: news.value, at: news.at, recovered: isRead });
    }
    before = period.at(-1);
  }
  return { timeline: forget(samples, same), transitions };
}

/** The timeline after which events may have been lost. */
export function doubt<Value>(timeline: Timeline<Value>): Timeline<Value> {
  return timeline.map((sample, index) =>
    index === timeline.length - 1 ? { ...sample, doubtful: true } : sample,
  );
}

/** The value at a moment: the last one seen until then, or else the first seen after it. */
export function valueAt<Value>(timeline: Timeline<Value>, at: number): Value | undefined {
  return (timeline.findLast((sample) => sample.at <= at) ?? timeline[0])?.value;
}

function isReported<Value>({ mark }: Sample<Value>): boolean {
  return mark === 'reported' || mark === 'recovered';
}

/** The sample of this moment and value: the one there is, or a new one. Of equal moments, the first to come is first. */
function insert<Value>(
  samples: Sample<Value>[],
  at: number,
  value: Value,
  same: (a: Value, b: Value) => boolean,
): Sample<Value> {
  const known = samples.find((sample) => sample.at === at && same(sample.value, value));
  if (known) return known;
  const own: Sample<Value> = { at, value, mark: 'seen' };
  const index = samples.findIndex((sample) => sample.at > at);
  samples.splice(index < 0 ? samples.length : index, 0, own);
  return own;
}

/** The times through which the field stayed the same, none of them empty. */
function periods<Value>(
  samples: readonly Sample<Value>[],
  same: (a: Value, b: Value) => boolean,
): Sample<Value>[][] {
  const found: Sample<Value>[][] = [];
  for (const sample of samples) {
    const last = found.at(-1)?.[0];
    if (last && same(last.value, sample.value)) found.at(-1)?.push(sample);
    else found.push([sample]);
  }
  return found;
}

/** Marks the sample by what is claimed of it, and reports a change back to the same value whose other half was lost. */
function applyClaim<Value>(
  period: readonly Sample<Value>[],
  own: Sample<Value>,
  claim: Claim,
): Transition<Value>[] {
  if (claim === 'given') own.mark = 'reported';
  if ((claim !== 'changed' && claim !== 'became') || isReported(own)) return [];
  own.mark = 'claimed';
  const reported = period.filter(isReported);
  const [first] = reported;
  if (!first || own.at < first.at) return [];
  if (reported.some(({ at }) => Math.abs(at - own.at) <= SAME_CHANGE_MS)) return [];
  own.mark = 'reported';
  return [{ from: undefined, to: own.value, at: own.at, recovered: false }];
}

/**
 * Drops what is too old to be contradicted. What the field was before the rest stays, and since when that was
 * reported: a change back to it is news only if it comes long after.
 */
function forget<Value>(samples: Sample<Value>[], same: (a: Value, b: Value) => boolean): Sample<Value>[] {
  const oldest = (samples.at(-1)?.at ?? 0) - MEMORY_MS;
  const kept = [...samples];
  for (let [first, next] = kept; first && next; [first, next] = kept) {
    if (next.at >= oldest && kept.length <= MAX_SAMPLES) break;
    const saysMore = isReported(next) || !same(first.value, next.value) || first.doubtful === true;
    kept.splice(saysMore ? 0 : 1, 1);
  }
  return kept;
}
