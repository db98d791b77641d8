import { expect, it } from '@jest/globals';
import { METHODS, scopeOf } from '../../highlevel/api/scope.ts';
import { APPS, type Generation, readOpenApi } from '../../tools/spec/vendor-docs.ts';
import { heldToTheSpecification } from './docs.ts';

/** Each operation of the specification, with the permissions of which one is needed. */
function operationsOf(folder: string, generation: Generation) {
  return APPS.flatMap((app) =>
    Object.entries(readOpenApi(folder, generation, app).paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { security = [] }]) => ({
        method: method.toUpperCase(),
        path,
        scopes: security.flatMap((one) => Object.values(one).flat()),
      })),
    ),
  );
}

heldToTheSpecification('the permission that a request of one’s own takes', (folder) => {
  it.each(['v2', 'v3'] as const)('is one that the specification of %s asks for', (generation) => {
    const wrong: string[] = [];
    let known = 0;
    for (const { method, path, scopes } of operationsOf(folder, generation)) {
      const written = METHODS.find((one) => one === method);
      const scope = written && scopeOf(written, path.replace(/\{\w+\}/g, 'x'));
      if (!scope || scopes.length === 0) continue;
      known += 1;
      if (!scopes.includes(scope)) wrong.push(`${method} ${path}: ${scope}, not ${scopes.join(' or ')}`);
    }
    expect(wrong).toEqual([]);
    expect(known).toBeGreaterThan(50);
  });
});
