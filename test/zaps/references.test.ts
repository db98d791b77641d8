import { describe, expect, it } from '@jest/globals';
import { app } from '../../app.ts';
import { attributionOutputs } from '../../fields/outputs/opportunity.ts';
import { allSteps, type Step, type Trigger } from '../../local/zap-runner/index.ts';
import { stories } from '../../zaps/stories/index.ts';

interface Operation {
  operation: { outputFields?: readonly unknown[]; sample?: object };
}
type Operations = Record<string, Operation>;
const [triggers, creates, searches] = [app.triggers, app.creates, app.searches] as unknown as Operations[];

/** A sample has none of them, as most contacts came by no advertisement. */
const ATTRIBUTION = attributionOutputs.map(({ key }) => key.replace('__', '.'));

/** What the app says that a step or a trigger of its own gives, as paths; null for what is not the app's. */
function outputsOf(of: Step | Trigger): Set<string> | null {
  const operation = operationOf(of);
  if (!operation) return null;
  const fields = (operation.operation.outputFields ?? []).filter(
    (field): field is { key: string } => typeof field === 'object' && field !== null && 'key' in field,
  );
  const keys = fields.map(({ key }) => key.replace('[]', '[].').replaceAll('__', '.'));
  const sampled = pathsOf(operation.operation.sample ?? {});
  return new Set([...keys, ...sampled, ...(sampled.includes('last_attribution') ? ATTRIBUTION : [])]);
}

/** The keys of a sample, and of what is nested in it, as `change.from`: most outputs are described by functions. */
function pathsOf(sample: object, above = ''): string[] {
  return Object.entries(sample).flatMap(([key, value]) => {
    const nested = typeof value === 'object' && value !== null && !Array.isArray(value);
    return [`${above}${key}`, ...(nested ? pathsOf(value, `${above}${key}.`) : [])];
  });
}

function operationOf(of: Step | Trigger): Operation | undefined {
  if (of.kind === 'create') return creates?.[of.key];
  if (of.kind === 'search' || of.kind === 'searchOrCreate') return searches?.[of.key];
  return of.kind === undefined ? triggers?.[of.key] : undefined;
}

const REFERENCE = /\{\{(\w+)\.([^{}]+)\}\}/g;

describe.each(
  stories.flatMap(({ zaps }) => zaps).map(({ zap }) => [zap.name, zap] as const),
)('%s', (_name, zap) => {
  it('refers to nothing that the app does not give', () => {
    const steps = allSteps(zap.steps);
    const byId = new Map<string, Step | Trigger>([['trigger', zap.trigger]]);
    for (const step of steps) byId.set(step.id, step);
    const lost = [...JSON.stringify(zap).matchAll(REFERENCE)].flatMap(([whole, id = '', path = '']) => {
      const source = byId.get(id);
      if (!source) return [whole];
      const outputs = outputsOf(source);
      // A person's own fields have other keys in each account; an error handler sees the message.
      if (!outputs || path.startsWith('custom_fields.') || path === 'error_message') return [];
      return outputs.has(path) ? [] : [whole];
    });
    expect(lost).toEqual([]);
  });
});
