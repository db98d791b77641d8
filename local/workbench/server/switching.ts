import type { Bench } from './bench.ts';
import { underSwitches } from './editing.ts';
import type { BenchZap } from './zaps.ts';

/**
 * Turns a Zap on, under the switches as they are.
 * @throws ZapFailure where the app refuses; Error in words for a person where nothing is connected
 */
export async function turnOn(bench: Bench, entry: BenchZap): Promise<void> {
  if (entry.live) return;
  const { runner, otherApps, examples } = bench.world();
  if (!bench.connection) throw new Error('Connect HighLevel first: the Zap has no account to work in.');
  entry.live = await runner.turnOn(
    underSwitches(entry.zap, bench.switches, runner.definition),
    bench.connection,
  );
  const startedBy = examples
    .flatMap(({ zaps }) => zaps)
    .find(({ zap }) => zap.name === entry.zap.name)?.startedBy;
  if (startedBy && entry.live.targetUrl) {
    otherApps.subscribe(startedBy.app, startedBy.things, startedBy.when, entry.live.targetUrl);
  }
  bench.feed.tell('zaps');
}

/**
 * Turns a Zap off; one that is off stays so.
 * @throws Error in words for a person where it was turned on elsewhere
 */
export async function turnOff(bench: Bench, entry: BenchZap): Promise<void> {
  if (entry.isShared)
    throw new Error('The demonstration in the terminal runs this Zap, so it stays on here.');
  const { live } = entry;
  entry.live = null;
  await live?.turnOff();
  entry.problem = null;
  bench.feed.tell('zaps');
}

/** Turns every Zap that is on off and on again, so that it runs under the switches as they are now. */
export async function restartAll(bench: Bench): Promise<void> {
  for (const entry of bench.zaps.all()) {
    if (!entry.live || entry.isShared) continue;
    await turnOff(bench, entry);
    await turnOn(bench, entry);
  }
}
