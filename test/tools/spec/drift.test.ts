import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { compare } from '../../../tools/spec/compare.ts';
import { type Digest, digest, isUsed, TOKEN, USED, usedPart } from '../../../tools/spec/digest.ts';
import { heldToTheSpecification } from '../../contract/docs.ts';
import { declaredEndpoints } from '../../contract/endpoints.ts';
import { REQUEST_OVERRIDES } from '../../contract/request-overrides.ts';

const ROOT = join(import.meta.dirname, '../../..');
const BASE = JSON.parse(readFileSync(join(ROOT, 'tools/spec/digest.json'), 'utf8')) as Digest;

const STATUS = 'PUT /opportunities/{id}/status';

describe('what the project was built on', () => {
  it('holds every operation that the app calls, and no other', () => {
    const unpublished = REQUEST_OVERRIDES.filter(({ at }) => at.includes('')).flatMap(
      ({ operations }) => operations,
    );
    const called = declaredEndpoints()
      .map(({ method, path }) => `${method} ${path}`)
      .filter((operation) => !unpublished.includes(operation));
    expect(Object.keys(BASE).sort()).toEqual([...new Set([...called, TOKEN])].sort());
    expect(Object.values(USED).flat().length + 1).toBe(Object.keys(BASE).length);
  });

  it('is not changed by being compared with itself', () => {
    expect(compare(BASE, BASE)).toEqual([]);
    expect(usedPart(BASE)).toEqual(BASE);
    expect([isUsed('monetaryValue'), isUsed('colorRenderMode')]).toEqual([true, false]);
  });
});

describe('a newer copy of the docs', () => {
  /** What is said of the base with something else in it. */
  function said(operation: string, change: (one: Digest[string]) => void): string[] {
    const newer = structuredClone(BASE);
    const one = newer[operation];
    if (one) change(one);
    return compare(BASE, newer).map(({ weight, says }) => `${weight}: ${says}`);
  }

  const rename = (from: string, to: string) =>
    said('GET /opportunities/search', ({ fields }) => {
      fields[to] = fields[from] ?? '';
      delete fields[from];
    });

  it('lacks an operation', () => {
    const { [STATUS]: _, ...newer } = BASE;
    expect(compare(BASE, newer)).toEqual([
      {
        weight: 'breaks',
        operation: STATUS,
        says: 'The operation is gone. Look in HighLevel’s changelog for what takes its place.',
      },
    ]);
  });

  it('asks for another permission', () => {
    expect(said(STATUS, (one) => Object.assign(one, { scopes: ['opportunities.status'] }))).toEqual([
      'breaks: It needed the permission opportunities.write and needs opportunities.status now. Change its scope in highlevel/, and ask for it in highlevel/http/permissions.ts.',
    ]);
  });

  it('lacks a field, and then says nothing of what lies within it', () => {
    const without = (gone: string) =>
      said('GET /opportunities/search', ({ fields }) => {
        for (const at of Object.keys(fields)) if (at.startsWith(gone)) delete fields[at];
      });
    expect(without('answer.opportunities[].contact.email')).toEqual([
      'breaks: The field answered "opportunities[].contact.email" is gone.',
    ]);
    expect(without('answer.meta')).toEqual(['breaks: The field answered "meta" is gone.']);
  });

  it.each([
    [
      'query.locationId',
      'query.location_id',
      'The parameter "locationId" seems to be called "location_id" now.',
    ],
    [
      'answer.opportunities[].lastStageChangeAt',
      'answer.opportunities[].lastStageChangedAt',
      'The field answered "opportunities[].lastStageChangeAt" seems to be called "lastStageChangedAt" now.',
    ],
    ['query.q', 'query.filter', 'The parameter "q" is gone.'],
  ])('calls %s %s', (from, to, sentence) => {
    expect(rename(from, to)).toEqual([`breaks: ${sentence}`]);
  });

  it('has another type, or other choices', () => {
    const changed = said('POST /opportunities/', ({ fields }) => {
      fields['body.monetaryValue'] = 'text';
      fields['body.status'] = 'required open|won|lost';
    });
    expect(changed).toEqual([
      'breaks: The field sent "monetaryValue" was number and is text now.',
      'breaks: The field sent "status" was open|won|lost|abandoned|all and is open|won|lost now.',
    ]);
  });

  it('demands more, or less', () => {
    const changed = said('POST /opportunities/', ({ fields }) => {
      fields['body.currency'] = 'required text';
      fields['body.colour'] = 'text';
      fields['body.assignedTo'] = 'required text';
      fields['body.status'] = fields['body.status']?.replace('required ', '') ?? '';
    });
    expect(changed).toEqual([
      'breaks: The field sent "currency" is new and must be sent (text).',
      'breaks: The field sent "assignedTo" must be sent now.',
      'look: The field sent "status" need not be sent any more.',
    ]);
  });

  it.each([
    ['required v3|v4', ['look: The header "Version" knows v4 too now.']],
    ['required v4', ['breaks: The header "Version" was v3 and is v4 now.']],
    ['required v4|v5', ['breaks: The header "Version" was v3 and is v4|v5 now.']],
  ])('takes %s as the version', (now, sentences) => {
    expect(
      said(STATUS, ({ fields }) => {
        fields['header.Version'] = now;
      }),
    ).toEqual(sentences);
  });

  it('demands a header, and is silent of one that may be sent', () => {
    const changed = said(STATUS, ({ fields }) => {
      fields['header.Idempotency-Key'] = 'required text';
      fields['header.X-Trace'] = 'text';
    });
    expect(changed).toEqual(['breaks: The header "Idempotency-Key" is new and must be sent (text).']);
  });

  it('calls choices that only become more no break, sent or answered', () => {
    const changed = said('GET /opportunities/search', ({ fields }) => {
      fields['query.status'] = 'open|won|lost|abandoned|all|archived';
    });
    expect(changed).toEqual(['look: The parameter "status" knows archived too now.']);
  });

  it('deprecates an operation, or a field', () => {
    expect(
      said(STATUS, (one) => {
        one.deprecated = true;
        one.fields['body.status'] += '; deprecated';
      }),
    ).toEqual([
      'look: It is deprecated now. Look for what takes its place.',
      'look: The field sent "status" is deprecated now. Look for what takes its place.',
    ]);
  });

  it.each([
    ['at most 100', 'at most 50', 'breaks'],
    ['at most 100', 'at most 500', 'look'],
    ['at least 1', 'at least 10', 'breaks'],
    ['at least 10', 'at least 1', 'look'],
  ])('takes %s and then %s, which %s', (was, is, weight) => {
    const limited = (note: string) => {
      const copy = structuredClone(BASE);
      const one = copy['GET /opportunities/search'];
      if (one) one.fields['query.limit'] = `number; ${note}`;
      return copy;
    };
    expect(compare(limited(was), limited(is)).map(({ weight, says }) => `${weight}: ${says}`)).toEqual([
      `${weight}: The parameter "limit" took ${was} and takes ${is} now.`,
    ]);
  });

  it('sets a limit where there was none, or lifts one', () => {
    expect(
      said('POST /opportunities/', ({ fields }) => {
        fields['body.name'] += '; at most 60 characters';
      }),
    ).toEqual(['breaks: The field sent "name" took any number and takes at most 60 characters now.']);
    expect(
      said('POST /opportunities/{id}/followers', ({ fields }) => {
        fields['body.followers'] = fields['body.followers']?.replace(/; at most.*/, '') ?? '';
      }),
    ).toEqual(['look: The field sent "followers" took at most 10 entries and takes any number now.']);
  });

  it('is served elsewhere, or takes and gives another kind of content', () => {
    const host = BASE[STATUS]?.servers[0];
    expect(said(STATUS, (one) => Object.assign(one, { servers: ['https://api.example.com'] }))).toEqual([
      `breaks: It was served at ${host}, and now: https://api.example.com.`,
    ]);
    expect(said(STATUS, (one) => one.servers.push('https://eu.example.com'))).toEqual([
      `look: It was served at ${host}, and now: ${host}, https://eu.example.com.`,
    ]);
    expect(said(STATUS, (one) => Object.assign(one, { takes: ['application/xml'] }))).toEqual([
      'breaks: It took application/json, and now: application/xml.',
    ]);
    expect(said(STATUS, (one) => one.takes.push('multipart/form-data'))).toEqual([
      'look: It took application/json, and now: application/json, multipart/form-data.',
    ]);
    expect(said(STATUS, (one) => Object.assign(one, { answers: ['text/plain'] }))).toEqual([
      'breaks: It answered with application/json, and now: text/plain.',
    ]);
  });

  it('asks nothing of us where an answer is surer of a field', () => {
    expect(
      said('GET /opportunities/{id}', ({ fields }) =>
        Object.assign(fields, { 'answer.opportunity': 'required object' }),
      ),
    ).toEqual([]);
  });
});

heldToTheSpecification('the drift of the specification', (folder) => {
  let copy: string;
  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), 'docs-'));
    cpSync(folder, copy, { recursive: true });
  });
  afterEach(() => rmSync(copy, { recursive: true }));

  /** The command as a person runs it, and how it ends. */
  function run(...args: string[]): { text: string; status: number } {
    const command = [join(ROOT, 'tools/spec/diff.ts'), ...args];
    const env = { ...process.env, NODE_OPTIONS: '', NODE_NO_WARNINGS: '1' };
    try {
      return {
        text: execFileSync(process.execPath, command, { env, encoding: 'utf8', stdio: 'pipe' }),
        status: 0,
      };
    } catch (error) {
      const { stdout, stderr, status } = error as { stdout: string; stderr: string; status: number };
      return { text: stdout + stderr, status };
    }
  }

  it('is none: the specification here is the one that the project was built on, in what it uses', () => {
    expect(compare(BASE, digest(folder))).toEqual([]);
  });

  it('is told for a doctored copy, with the operation and what to do', () => {
    const file = join(copy, 'apps/v3/opportunities-v3.json');
    const spec = JSON.parse(readFileSync(file, 'utf8'));
    const { CreateDtoV3, SearchOpportunitiesResponseSchema } = spec.components.schemas;
    delete CreateDtoV3.properties.assignedTo;
    CreateDtoV3.properties.currency = { type: 'string' };
    CreateDtoV3.required.push('currency');
    SearchOpportunitiesResponseSchema.properties.monetaryValue.type = 'string';
    spec.paths['/opportunities/lost-reason'].get.security = [{ bearer: ['lost-reasons.readonly'] }];
    delete spec.paths['/opportunities/{id}/status'];
    const { get: search } = spec.paths['/opportunities/search'];
    const parameter = (name: string) => search.parameters.find((one: { name: string }) => one.name === name);
    parameter('limit').description = 'Limit per page, maximum up to 50.';
    parameter('q').deprecated = true;
    parameter('Version').schema.enum = ['v3', 'v4'];
    search.parameters.push({ name: 'X-Client', in: 'header', required: true, schema: { type: 'string' } });
    CreateDtoV3.properties.name.maxLength = 60;
    spec.paths['/opportunities/{id}'].put.deprecated = true;
    spec.servers = [{ url: 'https://api.example.com' }];
    writeFileSync(file, JSON.stringify(spec));

    const { text, status } = run(copy);
    expect(status).toBe(1);
    expect(text).toContain(`${STATUS}\n  ! The operation is gone.`);
    expect(text).toContain('! The field sent "assignedTo" is gone.');
    expect(text).toContain('! The field sent "currency" is new and must be sent (text).');
    expect(text).toContain(
      '! The field answered "opportunities[].monetaryValue" was number and is text now.',
    );
    expect(text).toContain('needs lost-reasons.readonly now');
    expect(text).toContain('! The parameter "limit" took at most 100 and takes at most 50 now.');
    expect(text).toContain('- The parameter "q" is deprecated now.');
    expect(text).toContain('- The header "Version" knows v4 too now.');
    expect(text).toContain('! The header "X-Client" is new and must be sent (text).');
    expect(text).toContain('! The field sent "name" took any number and takes at most 60 characters now.');
    expect(text).toContain('PUT /opportunities/{id}\n  - It is deprecated now.');
    expect(text).toMatch(/! It was served at https:\/\/\S+, and now: https:\/\/api\.example\.com\./);
    expect(text).toMatch(/\d+ of \d+ changes \(marked !\) can break this project/);
  });

  it('says that nothing changed, and how it is used', () => {
    expect(run(copy)).toEqual({ text: 'Nothing changed in what this project uses.\n', status: 0 });
    expect(run()).toMatchObject({ status: 2, text: expect.stringContaining('npm run spec:diff -- PATH') });
    rmSync(join(copy, 'apps/v3'), { recursive: true });
    expect(run(copy)).toMatchObject({ status: 2, text: expect.stringContaining('cannot be read') });
  });
});
