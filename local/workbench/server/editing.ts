import {
  type AppDefinition,
  allSteps,
  type Fields,
  type Outputs,
  type Step,
  type Zap,
} from '../../zap-runner/index.ts';
import type { Switches } from './bench.ts';
import type { AppKind } from './fields.ts';
import { partsOf } from './operations.ts';
import { type BenchZap, TRIGGER } from './zaps.ts';

/** A node that is an operation of the app, with what is filled into it. */
export interface AppNode {
  kind: AppKind;
  key: string;
  input: Fields;
}

/** The node of a Zap as an operation of the app; null for other apps' and Zapier's own. */
export function appNode(zap: Zap, node: string): AppNode | null {
  if (node === TRIGGER) {
    const { trigger } = zap;
    if (trigger.kind === 'other' || trigger.kind === 'schedule' || !trigger.key) return null;
    return { kind: 'trigger', key: trigger.key, input: trigger.input ?? {} };
  }
  const step = allSteps(zap.steps).find(({ id }) => id === node);
  if (step?.kind !== 'create' && step?.kind !== 'search' && step?.kind !== 'searchOrCreate') return null;
  return { kind: step.kind, key: step.key, input: step.input ?? {} };
}

/** As appNode. @throws Error in words for a person where the node is no operation of the app */
export function demandAppNode(zap: Zap, node: string): AppNode {
  const found = appNode(zap, node);
  if (!found) throw new Error('This step is not one of HighLevel’s, so there is no form for it here.');
  return found;
}

/** The ids of all steps that run before a node, in their order. */
export function nodesBefore(zap: Zap, node: string): string[] {
  if (node === TRIGGER) return [];
  const before: string[] = [TRIGGER];
  const walk = (steps: Step[]): boolean => {
    for (const step of steps) {
      if (step.id === node) return true;
      if (step.kind === 'paths') {
        const length = before.length;
        for (const path of step.paths) {
          if (walk(path.steps)) return true;
          before.length = length;
        }
      } else {
        before.push(step.id);
        if (step.kind === 'looping' && walk(step.steps)) return true;
      }
    }
    return false;
  };
  walk(zap.steps);
  return before;
}

/** What the nodes before this one gave when they were tested. */
export function outputsBefore({ zap, tests }: BenchZap, node: string): Outputs {
  const known = nodesBefore(zap, node).flatMap((id) => {
    const output = tests[id]?.output;
    return output ? [[id, output] as const] : [];
  });
  return Object.fromEntries(known);
}

/** The Zap as it runs under the switches: in Test Mode each action that has such a field gets it. */
export function underSwitches(zap: Zap, { testMode }: Switches, app: AppDefinition): Zap {
  if (!testMode) return zap;
  const change = (step: Step): Step => {
    if (step.kind === 'paths') {
      return { ...step, paths: step.paths.map((path) => ({ ...path, steps: path.steps.map(change) })) };
    }
    if (step.kind === 'looping') return { ...step, steps: step.steps.map(change) };
    if (step.kind !== 'create' && step.kind !== 'searchOrCreate') return step;
    return hasTestMode(app, step) ? { ...step, input: { ...step.input, test_mode: 'true' } } : step;
  };
  return { ...zap, steps: zap.steps.map(change) };
}

function hasTestMode(app: AppDefinition, step: { kind: AppKind; key: string }): boolean {
  return partsOf(app, step).some(({ kind, key }) => {
    const fields = kind === 'create' ? app.creates?.[key]?.operation.inputFields : [];
    return Array.isArray(fields) && fields.some((field) => (field as Fields).key === 'test_mode');
  });
}
