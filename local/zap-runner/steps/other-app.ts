import { type Fields, isFields } from '../app/definition.ts';
import { ZapFailure } from '../app/failure.ts';
import { asText } from '../inputs/mapping.ts';
import type { OtherStep } from '../zap/zap.ts';

export type OtherResult = { outcome: 'done' | 'found' | 'created' | 'not_found'; output?: Fields };

/**
 * Does a step of another app at whatever stands for that app: records over HTTP, at `base/app/things`. POST creates
 * one, PATCH …/id changes one, DELETE …/id deletes one, GET with fields lists those that have them, oldest first.
 * @throws ZapFailure with the sentence of a refusal, or where nothing stands for other apps.
 */
export async function runOther(
  base: string | undefined,
  step: OtherStep,
  input: Fields,
): Promise<OtherResult> {
  if (!base)
    throw new ZapFailure({ kind: 'other', message: `Nothing stands for ${step.app} in this runner.` });
  const url = new URL(`${base}/${encodeURIComponent(step.app)}/${step.things}`);
  const create = async () => asFields(await ask(step, 'POST', url, input));
  const list = async (query: Fields) => {
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, asText(value));
    const rows = await ask(step, 'GET', url);
    url.search = '';
    return (Array.isArray(rows) ? rows : []).filter(isFields);
  };
  switch (step.does) {
    case 'create':
      return { outcome: 'done', output: await create() };
    case 'update': {
      const { id, ...fields } = input;
      url.pathname += `/${encodeURIComponent(asText(id))}`;
      return { outcome: 'done', output: asFields(await ask(step, 'PATCH', url, fields)) };
    }
    case 'delete':
      url.pathname += `/${encodeURIComponent(asText(input.id))}`;
      return { outcome: 'done', output: asFields(await ask(step, 'DELETE', url)) };
    case 'list':
      return { outcome: 'done', output: { [step.things]: await list(input) } };
    case 'find':
    case 'find_or_create': {
      const by = step.by ?? Object.keys(input);
      const [found] = await list(Object.fromEntries(by.map((key) => [key, input[key]])));
      if (found) return { outcome: 'found', output: found };
      return step.does === 'find' ? { outcome: 'not_found' } : { outcome: 'created', output: await create() };
    }
  }
}

async function ask(step: OtherStep, method: string, url: URL, body?: Fields): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: { 'x-action': step.action, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer;
  const said = isFields(answer) && typeof answer.message === 'string' ? answer.message : '';
  const message = said || `${step.app} answered with status ${response.status}.`;
  throw new ZapFailure({ kind: 'other', message, status: response.status });
}

function asFields(value: unknown): Fields {
  return isFields(value) ? value : {};
}
