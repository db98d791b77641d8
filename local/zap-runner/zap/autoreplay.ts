import type { TaskStatus } from '../events.ts';
import { runTask, type Task } from '../steps/task.ts';
import type { RunContext } from './context.ts';

/** Minutes before each of the five tries [docs zapier.com/help/autoreplay]. */
const DELAYS_MINUTES = [5, 30, 60, 180, 360];

/** The statuses that are replayed, by what the account has turned on. */
const REPLAYED: Record<RunContext['host']['autoreplay'], Set<TaskStatus>> = {
  off: new Set(),
  errored: new Set(['error']),
  stopped: new Set(['error', 'halted']),
};

/**
 * Goes on with a task that ended badly from the step that ended it, where the account has autoreplay on: until it ends
 * well, or the fifth try is over. Meanwhile its status is `scheduled`.
 * @param isOn whether the Zap still is on: one that is turned off is not replayed [assumed].
 * @returns what resolves when no further try will come.
 */
export async function autoreplay(context: RunContext, task: Task, isOn: () => boolean): Promise<void> {
  const { host, zap } = context;
  for (const [index, minutes] of DELAYS_MINUTES.entries()) {
    const ended = task.status;
    if (!REPLAYED[host.autoreplay].has(ended)) return;
    setStatus(task, 'scheduled');
    const delaySeconds = minutes * 60;
    host.emit({ type: 'replay', zap: zap.name, task: task.id, attempt: index + 1, delaySeconds });
    await host.sleep(delaySeconds * 1000);
    // A person may replay a scheduled run as well [docs], which then is theirs.
    if (task.status !== 'scheduled') return;
    if (!isOn()) return setStatus(task, ended);
    await runTask(context, task);
  }
}

function setStatus(task: Task, status: TaskStatus): void {
  task.status = status;
}
