import type { RunnerEvent, RunnerOptions } from '../local/zap-runner/runner.ts';
import { type Stage, setStage } from './stage.ts';
import type { Scene, Story, StoryZap } from './story.ts';

/** How a promise of a scene, or of the story, came out. */
export interface Held {
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
  held: Held[];
  usage: Usage[];
}

/** Hears what happens while a story is played. */
export interface Audience {
  scene?(scene: Scene): void;
  event?(event: RunnerEvent): void;
  held?(held: Held): void;
}

/** Plays a story, whatever does not hold, and tells how it came out; a scene that cannot be played is its end. */
export async function play(
  story: Story,
  source: Pick<RunnerOptions, 'app' | 'appPath'>,
  audience: Audience = {},
): Promise<Outcome> {
  const held: Held[] = [];
  const judge = (says: string, check: () => void) => {
    const fault = faultOf(check);
    held.push({ says, fault });
    audience.held?.({ says, fault });
  };
  const stage = await setStage(story, source, (event) => audience.event?.(event));
  try {
    for (const scene of story.scenes) {
      audience.scene?.(scene);
      stage.newScene();
      const broken = await playScene(stage, scene);
      if (broken) {
        judge(`"${scene.says}" can be played`, () => {
          throw broken;
        });
        break;
      }
      for (const [says, check] of Object.entries(scene.holds)) judge(says, () => check(stage));
    }
    const usage = story.zaps.map((zap) => usageOf(zap, stage.events));
    for (const { zap, most, allowed } of usage) {
      judge(`"${zap}" makes at most ${allowed} requests in one run`, () => {
        if (most > allowed) throw new Error(`One run made ${most}.`);
      });
    }
    return { story, held, usage };
  } finally {
    await stage.close();
  }
}

/** @returns what kept the scene from its end */
async function playScene(stage: Stage, scene: Scene): Promise<unknown> {
  try {
    await scene.act(stage);
    await stage.settle();
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
    if (event.type === 'task') usage.runs += 1;
    if (event.type === 'delivery') usage.deliveries += 1;
    if (event.type === 'poll' || event.type === 'delivery') usage.triggerRequests += event.requests;
    if (event.type !== 'step') continue;
    if (event.kind === 'other') usage.otherSteps += 1;
    usage.stepRequests += event.requests;
    perRun.set(event.task, (perRun.get(event.task) ?? 0) + event.requests);
  }
  usage.most = Math.max(0, ...perRun.values());
  return usage;
}
