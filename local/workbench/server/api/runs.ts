import { z } from 'zod';
import type { Fields } from '../../../zap-runner/index.ts';
import { appNode } from '../editing.ts';
import { outputValues } from '../fields.ts';
import { labelOf, outputFieldsOf } from '../operations.ts';
import { TRIGGER } from '../zaps.ts';
import { procedure, router } from './trpc.ts';

/** Whether no webhook told of the change, and the relay found it when it caught up. */
function isCaughtUp({ change }: Fields): boolean {
  return typeof change === 'object' && change !== null && (change as Fields).recovered === true;
}

/** What Zaps did. */
export const runs = router({
  list: procedure.input(z.object({ zapId: z.string().optional() })).query(({ ctx, input }) =>
    ctx.runs.all(input.zapId).map(({ trigger, steps, ...run }) => ({
      ...run,
      caughtUp: isCaughtUp(trigger),
      subject: String(trigger.name ?? trigger.title ?? trigger.id ?? ''),
      steps: steps.length,
      requests: steps.reduce((sum, step) => sum + step.requests, 0),
      ms: steps.reduce((sum, step) => sum + step.ms, 0),
    })),
  ),

  get: procedure.input(z.object({ id: z.string() })).query(async ({ ctx, input }) => {
    const run = ctx.runs.get(input.id);
    const { runner } = ctx.world();
    const zap = ctx.zaps.all().find(({ id }) => id === run.zapId)?.zap;
    const fieldsOf = async (node: string) => {
      const own = zap && appNode(zap, node);
      return own ? outputFieldsOf(runner, own, ctx.connection).catch(() => []) : [];
    };
    const titleOf = (step: { step: string; kind: string; key: string }) => {
      const own = zap && appNode(zap, step.step);
      return own ? labelOf(runner.definition, own.kind, own.key) : step.key;
    };
    return {
      ...run,
      caughtUp: isCaughtUp(run.trigger),
      trigger: {
        title:
          zap && appNode(zap, TRIGGER)
            ? labelOf(runner.definition, 'trigger', appNode(zap, TRIGGER)?.key ?? '')
            : 'Trigger',
        values: outputValues(TRIGGER, run.trigger, await fieldsOf(TRIGGER)),
      },
      steps: await Promise.all(
        run.steps.map(async (step) => ({
          ...step,
          title: titleOf(step),
          sent: Object.entries(step.input).map(([key, value]) => ({
            label: key,
            value: typeof value === 'object' ? JSON.stringify(value) : String(value),
          })),
          values: step.output ? outputValues(step.step, step.output, await fieldsOf(step.step)) : [],
        })),
      ),
    };
  }),

  /** Runs it again from the step that ended it. */
  replay: procedure.input(z.object({ id: z.string() })).mutation(async ({ ctx, input }) => {
    const run = ctx.runs.get(input.id);
    const live = ctx.zaps.byName(run.zap)?.live;
    const task = live?.tasks.find(({ id }) => id === run.id);
    if (!live || !task) throw new Error('Only a run of a Zap that is still on can be run again.');
    run.replays += 1;
    await live.replay(task);
  }),
});
