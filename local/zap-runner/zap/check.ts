import { findOperation, findSearchOrCreate } from '../app/definition.ts';
import type { Host } from '../app/host.ts';
import { allSteps, checkZap, type Zap } from './zap.ts';

/**
 * Checks what the editor would not let a person save: see checkZap; and operations that the app does not have.
 * @throws Error
 */
export function checkFits({ definition }: Host, zap: Zap): void {
  checkZap(zap);
  const { trigger } = zap;
  if (trigger.kind !== 'other' && trigger.kind !== 'schedule')
    findOperation(definition, 'trigger', trigger.key);
  for (const step of allSteps(zap.steps)) {
    if (step.kind === 'searchOrCreate') findSearchOrCreate(definition, step.key);
    if (step.kind === 'create' || step.kind === 'search') findOperation(definition, step.kind, step.key);
  }
}
