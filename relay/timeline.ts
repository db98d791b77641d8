/**
 * What one field of a deal was seen to be, and when: the moments of the last hours in their own order, whatever order
 * they came in. A change lies wherever two neighbours differ, and each is told once: the sample it was told with
 * bears the mark. So it does not matter which of HighLevel's redundant events comes first, twice, late or never.
 */
export type Timeline<Value> = readonly Sample<Value>[];

export interface Sample<Value> {
  /** In ms since the epoch, by HighLevel's clock. */
  at: number;
  value: Value;
  /** Whether the change to this value was told, or needs no telling. */
  told: boolean;
}

/**
 * What an event claims of a field: that it was `seen` so, that it `changed` to this, or that the deal was `given` it
 * when it was made, which is no change.
 */
export type Claim = 'seen' | 'changed' | 'given';

/** A change to be told. */
export interface Step<Value> {
  /** Undefined where it is not known. */
  from: Value | undefined;
  to: Value;
  at: number;
}

/**
 * A change and the events that tell of it lie this close together, by HighLevel's clock, in ms. [assumed: the sandbox
 * and reports of issue #27 have them within a second] "Changed to what it was" is within it a repetition, beyond it
 * the trace of a change that was lost on the way.
 */
const TOGETHER_MS = 60_000;

/** How far back order matters, in ms: HighLevel's last retry comes about 70 minutes after the event. [docs] */
const MEMORY_MS = 2 * 60 * 60 * 1000;

/** More changes of one field within those hours than a person makes by hand. */
const MOST = 64;

/**
 * Takes in what one event says of a field.
 *
 * @param same whether two values are one
 * @returns the timeline with it, and the changes that are now known and were not told before, oldest first
 */
export function observe<Value>(
  timeline: Timeline<Value>,
  { at, value, claim }: { at: number; value: Value; claim: Claim },
  same: (a: Value, b: Value) => boolean,
): { timeline: Timeline<Value>; steps: Step<Value>[] } {
  const samples = timeline.map((sample) => ({ ...sample }));
  const own = place(samples, at, value, same);
  const block = blockAround(samples, samples.indexOf(own), same);
  const before = samples[block.start - 1];
  const steps: Step<Value>[] = [];

  if (claim === 'given') own.told = true;
  else if (isNews(samples.slice(block.start, block.end), at, claim, before !== undefined)) {
    own.told = true;
    steps.push({ from: isTold(samples, block, own) ? undefined : before?.value, to: value, at });
  }

  const after = samples[block.end];
  if (after) {
    const next = blockAround(samples, block.end, same);
    if (!samples.slice(next.start, next.end).some(({ told }) => told)) {
      after.told = true;
      steps.push({ from: value, to: after.value, at: after.at });
    }
  }
  return { timeline: forget(samples, same), steps };
}

/** The value at a moment: the last one seen until then, or else the first seen after it. */
export function valueAt<Value>(timeline: Timeline<Value>, at: number): Value | undefined {
  return (timeline.findLast((sample) => sample.at <= at) ?? timeline[0])?.value;
}

/** The sample of this moment and value: the one there is, or a new one. Of equal moments, the first to come is first. */
function place<Value>(
  samples: Sample<Value>[],
  at: number,
  value: Value,
  same: (a: Value, b: Value) => boolean,
): Sample<Value> {
  const known = samples.find((sample) => sample.at === at && same(sample.value, value));
  if (known) return known;
  const own = { at, value, told: false };
  const index = samples.findIndex((sample) => sample.at > at);
  samples.splice(index < 0 ? samples.length : index, 0, own);
  return own;
}

interface Block {
  start: number;
  /** Just past the last. */
  end: number;
}

/** The neighbours of one value that a sample stands among: a time through which the field stayed the same. */
function blockAround<Value>(
  samples: readonly Sample<Value>[],
  index: number,
  same: (a: Value, b: Value) => boolean,
): Block {
  const alike = (other: number) => {
    const [a, b] = [samples[index], samples[other]];
    return a !== undefined && b !== undefined && same(a.value, b.value);
  };
  let [start, end] = [index, index + 1];
  while (alike(start - 1)) start -= 1;
  while (alike(end)) end += 1;
  return { start, end };
}

/** Whether a claim tells of a change that was not told yet. */
function isNews(
  block: readonly Sample<unknown>[],
  at: number,
  claim: 'seen' | 'changed',
  hasBefore: boolean,
): boolean {
  const told = block.filter((sample) => sample.told);
  const [first] = told;
  // What is seen first was perhaps always so.
  if (!first) return claim === 'changed' || hasBefore;
  if (claim === 'seen' || at < first.at) return false;
  return !told.some((sample) => Math.abs(sample.at - at) <= TOGETHER_MS);
}

/** Whether the block was told of by another sample, so that this one comes back from a value that nobody saw. */
function isTold<Value>(samples: readonly Sample<Value>[], { start, end }: Block, own: Sample<Value>): boolean {
  return samples.slice(start, end).some((sample) => sample !== own && sample.told);
}

/** Drops what is too old to be contradicted; the last of it stays, as what the field was before the rest. */
function forget<Value>(samples: Sample<Value>[], same: (a: Value, b: Value) => boolean): Sample<Value>[] {
  const newest = samples.at(-1)?.at ?? 0;
  let first = 0;
  for (let next = samples[1]; next; next = samples[first + 1]) {
    if (next.at >= newest - MEMORY_MS && samples.length - first <= MOST) break;
    const dropped = samples[first];
    if (dropped?.told && same(dropped.value, next.value)) next.told = true;
    first += 1;
  }
  return samples.slice(first);
}
