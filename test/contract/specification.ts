import { jest } from '@jest/globals';
import type { LoggedRequest } from '../../local/sandbox/index.ts';
import {
  APPS,
  type AppName,
  type Generation,
  type Operation,
  readOpenApi,
  type SchemaObject,
} from '../../tools/spec/vendor-docs.ts';

// The validator's package reads files by way of a module that only newer versions of Node can `require`. Here the files
// are read and dereferenced already.
jest.mock('@apidevtools/json-schema-ref-parser', () => {
  const unused = () => {
    throw new Error('not used here');
  };
  return { __esModule: true, default: { parse: unused, resolve: unused, dereference: unused } };
});
const { OpenAPIRouter, OpenAPIValidator } = await import('openapi-backend');

/** Something in which a request or an answer differs from the specification. */
export interface Problem {
  generation: Generation;
  /** Method and path as the specification writes them; for an answer the status stands in front. */
  operation: string;
  /** Where: `body.filters`, `query.page`, `opportunities.*.source`; any place in a list is `*`. */
  at: string;
  says: string;
}

interface SpecifiedOperation {
  operation: string;
  /** Each scope of which one is needed. */
  scopes: string[];
  statuses: string[];
}

export interface Specification {
  /** The operation that a request means, or null where the specification has none. */
  find(method: string, path: string): SpecifiedOperation | null;
  requestProblems(asked: LoggedRequest): Problem[];
  answerProblems(asked: LoggedRequest, answer: unknown): Problem[];
}

type Validator = InstanceType<typeof OpenAPIValidator>;
type Definition = Validator['definition'];
type Failure = NonNullable<ReturnType<Validator['validateRequest']>['errors']>[number];

/** By the header, as HighLevel tells them apart. */
export function generationOf({ headers }: Pick<LoggedRequest, 'headers'>): Generation {
  return headers.version === 'v3' ? 'v3' : 'v2';
}

/**
 * The vendor's specification of one generation, as judged by openapi-backend (ajv).
 *
 * Objects whose keys are listed are taken as closed, in requests and answers: HighLevel refuses a request with a key
 * that is not listed ("property X should not exist"), and an answer with a key more is something to have a reason for.
 */
export function specification(folder: string, generation: Generation): Specification {
  const validators = new Map<AppName, Validator>();
  const validatorOf = (path: string): Validator | null => {
    const app = APPS.find((name) => path.startsWith(`/${name}/`));
    if (!app) return null;
    const known = validators.get(app);
    if (known) return known;
    const definition = closed(readOpenApi(folder, generation, app)) as Definition;
    const validator = new OpenAPIValidator({
      definition,
      // A path with its last slash missing is another path, and HighLevel answers 404 for it.
      router: new OpenAPIRouter({ definition, ignoreTrailingSlashes: false }),
      lazyCompileValidators: true,
      coerceTypes: true,
      ajvOpts: { allErrors: true, strict: false, logger: false },
      customizeAjv: (ajv) => ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/),
    });
    validators.set(app, validator);
    return validator;
  };
  const match = (method: string, path: string) => {
    const validator = validatorOf(path);
    const operation = validator?.router.matchOperation({ method, path, headers: {} });
    return validator && operation ? { validator, operation } : null;
  };
  const unknown = ({ method, path }: LoggedRequest): Problem[] => [
    {
      generation,
      operation: `${method} ${path.replace(/\/[A-Za-z0-9]{20}(?=\/|$)/g, '/{id}')}`,
      at: '',
      says: 'is not in the specification',
    },
  ];
  return {
    find(method, path) {
      const operation = match(method, path)?.operation;
      if (!operation) return null;
      const { responses, security = [] } = operation as unknown as Operation;
      return {
        operation: `${method} ${operation.path}`,
        scopes: [...new Set(security.flatMap((one) => Object.values(one).flat()))],
        statuses: Object.keys(responses),
      };
    },
    requestProblems(asked) {
      const found = match(asked.method, asked.path);
      if (!found) return unknown(asked);
      const { method, path, headers } = asked;
      const { errors } = found.validator.validateRequest(
        {
          method,
          path,
          headers: headers as Record<string, string>,
          query: asked.query as Record<string, string>,
          body: asked.body ?? undefined,
        },
        found.operation,
      );
      return problems(errors, { generation, operation: `${method} ${found.operation.path}` });
    },
    answerProblems(asked, answer) {
      const found = match(asked.method, asked.path);
      if (!found) return unknown(asked);
      const operation = `${asked.status} ${asked.method} ${found.operation.path}`;
      const about = { generation, operation };
      const statuses = Object.keys(found.operation.responses ?? {});
      const known = statuses.includes(String(asked.status));
      const lacking = { ...about, at: '', says: 'is a status that the specification lacks' };
      // What succeeds is held to what the specification says of success, under whichever number.
      const status = known ? asked.status : Number(statuses.find((one) => asked.status < 300 && one < '300'));
      const { errors } = status
        ? found.validator.validateResponse(answer, found.operation, status)
        : { errors: [] };
      return [...(known ? [] : [lacking]), ...problems(errors, about)];
    },
  };
}

/** A copy in which every object with listed keys has no others. */
function closed(value: unknown, copies = new Map<object, object>()): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const known = copies.get(value);
  if (known) return known;
  const copy: object = Array.isArray(value) ? [] : {};
  copies.set(value, copy);
  for (const [key, item] of Object.entries(value)) Object.assign(copy, { [key]: closed(item, copies) });
  const schema = value as SchemaObject;
  const listsKeys = typeof schema.properties === 'object' && schema.type === 'object';
  if (listsKeys && schema.additionalProperties === undefined) {
    Object.assign(copy, { additionalProperties: false });
  }
  return copy;
}

function problems(
  errors: Failure[] | null | undefined,
  about: Pick<Problem, 'generation' | 'operation'>,
): Problem[] {
  const seen = new Map<string, Problem>();
  for (const error of errors ?? []) {
    // Of alternatives it is enough that none fits, not why each does not.
    if (/\/(anyOf|oneOf)\/\d+\//.test(error.schemaPath)) continue;
    const key =
      error.keyword === 'additionalProperties'
        ? error.params.additionalProperty
        : error.keyword === 'required'
          ? error.params.missingProperty
          : null;
    const at = [...error.instancePath.split('/').slice(1), ...(key === null ? [] : [String(key)])]
      .map((part) => (/^\d+$/.test(part) ? '*' : part === 'requestBody' ? 'body' : part))
      .join('.');
    const says =
      error.keyword === 'additionalProperties'
        ? 'is not in the specification'
        : error.keyword === 'required'
          ? 'is missing'
          : (error.message ?? error.keyword);
    seen.set(`${at} ${says}`, { ...about, at, says });
  }
  return [...seen.values()];
}

/** A sentence a person can act on. */
export function sentence({ generation, operation, at, says }: Problem): string {
  return [`${generation} ${operation}:`, at, says].filter(Boolean).join(' ');
}
