import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { LoggedRequest } from '../../local/sandbox/index.ts';
import { REQUIRED_SCOPES, type Sandbox, startSandbox } from '../../local/sandbox/index.ts';
import { AMPLE } from '../support/ample.ts';
import { heldToTheSpecification } from './docs.ts';
import { excuses } from './overrides.ts';
import { RESPONSE_OVERRIDES } from './response-overrides.ts';
import { generationOf, sentence, specification } from './specification.ts';
import { sweep } from './sweep.ts';

heldToTheSpecification('everything that the sandbox answers', (folder) => {
  const spec = { v2: specification(folder, 'v2'), v3: specification(folder, 'v3') };
  const overrides = excuses(RESPONSE_OVERRIDES);
  const all: LoggedRequest[] = [];
  const heard: { asked: LoggedRequest; answer: unknown }[] = [];
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await startSandbox({
      ...AMPLE,
      onExchange: (asked, text) => {
        all.push(asked);
        const isJson = /^[[{]/.test(text);
        if (isJson) heard.push({ asked, answer: JSON.parse(text) });
      },
    });
  });
  afterAll(() => sandbox.close());

  it.each([
    'v2',
    'v3',
  ] as const)('is as the specification has it, or has a reason: %s', async (generation) => {
    heard.length = 0;
    await sweep(sandbox, generation);
    const problems = heard.flatMap(({ asked, answer }) => {
      const known = spec[generationOf(asked)];
      return overrides.unexcused(known.answerProblems(asked, answer)).map(sentence);
    });
    expect([...new Set(problems)]).toEqual([]);
  });

  it('was asked for every endpoint that the sandbox has', () => {
    const called = new Set(all.map(({ method, path }) => template(method, path)));
    const silent = Object.keys(REQUIRED_SCOPES).filter((route) => !called.has(route));
    expect(silent).toEqual([]);
  });

  it('asks for the permissions of the specification', () => {
    const wrong = Object.entries(REQUIRED_SCOPES).flatMap(([route, { scope }]) => {
      const [method = '', path = ''] = route.split(' ');
      const scopes = [spec.v3, spec.v2].map(
        (known) => known.find(method, path.replaceAll(':id', 'x'))?.scopes,
      );
      const specified = scopes.find((found) => found !== undefined) ?? [scope];
      // Some endpoints have no scope in the specification; the sandbox asks for that of their neighbours.
      return specified.length === 0 || specified.includes(scope)
        ? []
        : [`${route}: ${scope}, not ${specified}`];
    });
    expect(wrong).toEqual([]);
  });

  it('needs every override of the specification', () => {
    expect(overrides.unneeded().map(sentence)).toEqual([]);
  });
});

/** A call under the name that the sandbox's table of scopes has for it. */
function template(method: string, path: string): string {
  const names = Object.keys(REQUIRED_SCOPES).filter((need) => need.startsWith(`${method} `));
  const exact = `${method} ${path}`;
  if (names.includes(exact)) return exact;
  return names.find((need) => new RegExp(`^${need.replaceAll(':id', '[^/]+')}$`).test(exact)) ?? exact;
}
