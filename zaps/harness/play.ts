import type { RunnerEvent, RunnerOptions } from '../../local/zap-runner/index.ts';
import type { Scene, Story } from './story.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';
import type { StoryZap } from './zap.ts';

/** How a promise of a scene, or of the story, came out. */
interface Check {
  says: string;
  /** Null where it holds. */
  fault: string | null;
}

/** What one Zap of a story used. */
export interface Usage {
  zap: string;
  runs: number;
  /** Requests to HighLevel by the trigger: polls, and reads of what a hook told of. */
  triggerRequests: number;
  /** Requests to HighLevel by the steps of all runs. */
  stepRequests: number;
  /** Of them the most in one run, and the most that it may be. */
  most: number;
  allowed: number;
  /** Hooks that came for it. */
  deliveries: number;
  /** Steps of other apps. */
  otherSteps: number;
}

export interface Outcome {
  story: Story;
  checks: Check[];
  usage: Usage[];
}

/** Hears what happens while a story is played. */
export interface Listener {
  scene?(scene: Scene): void;
  event?(event: RunnerEvent): void;
  check?(check: Check): void;
}

export interface PlayOptions extends Omit<WorldOptions, 'onEvent'> {
  listener?: Listener;
}

/**
 * Plays a story, whatever does not hold, and tells how it came out; a scene that cannot be played is its end.
 *
 * @param source the app: built, or as it is in a test
 * @throws Error where its world cannot be started
 */
export async function play(
  story: Story,
  source: Pick<RunnerOptions, 'app' | 'appPath'>,
  { listener = {}, ...options }: PlayOptions = {},
): Promise<Outcome> {
  const checks: Check[] = [];
  const verify = (says: string, check: () => void) => {
    const fault = faultOf(check);
    checks.push({ says, fault });
    listener.check?.({ says, fault });
  };
  const world = await startWorld(story, source, { ...options, onEvent: (event) => listener.event?.(event) });
  try {
    for (const scene of story.scenes) {
      listener.scene?.(scene);
      world.newScene();
      const broken = await playScene(world, scene);
      if (broken) {
        verify(`"${scene.says}" can be played`, () => {
          throw broken;
        });
        break;
      }
      for (const [says, check] of Object.entries(scene.holds)) verify(says, () => check(world));
    }
    const usage = story.zaps.map((zap) => usageOf(zap, world.events));
    for (const { zap, most, allowed } of usage) {
      verify(`"${zap}" makes at most ${allowed} requests in one run`, () => {
        if (most > allowed) throw new Error(`One run made ${most}.`);
      });
    }
    return { story, checks, usage };
  } finally {
    await world.close();
  }
}

/** @returns what kept the scene from its end */
async function playScene(world: World, scene: Scene): Promise<unknown> {
  try {
    await scene.act(world);
    await world.rest();
    return null;
  } catch (error) {
    return error;
  }
}

function faultOf(check: () => void): string | null {
  try {
    check();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function usageOf({ zap: { name }, mostRequests }: StoryZap, events: readonly RunnerEvent[]): Usage {
  const own = events.filter((event) => 'zap' in event && event.zap === name);
  /** Of the runs that are under way; a replay counts as a run of its own. */
  const perRun = new Map<string, number>();
  const usage: Usage = {
    zap: name,
    runs: 0,
    triggerRequests: 0,
    stepRequests: 0,
    most: 0,
    allowed: mostRequests,
    deliveries: 0,
    otherSteps: 0,
  };
  for (const event of own) {
    if (event.type === 'task') {
      usage.runs += 1;
      usage.most = Math.max(usage.most, perRun.get(event.task) ?? 0);
      perRun.delete(event.task);
    }
    if (event.type === 'delivery') usage.deliveries += 1;
    if (event.type === 'poll' || event.type === 'delivery') usage.triggerRequests += event.requests;
    if (event.type !== 'step') continue;
    if (event.kind === 'other') usage.otherSteps += 1;
    usage.stepRequests += event.requests;
    perRun.set(event.task, (perRun.get(event.task) ?? 0) + event.requests);
  }
  return usage;
}
