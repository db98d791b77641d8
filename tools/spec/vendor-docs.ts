/**
 * HighLevel's public docs, in the layout of its own repository. They are not part of this project: where they lie
 * is said by HIGHLEVEL_API_DOCS, or else they are looked for beside the project.
 */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export const VENDOR_REPOSITORY = 'https://github.com/GoHighLevel/highlevel-api-docs';

/** The two generations of the API, chosen by the header `Version`; both stand in the docs. */
export type Generation = 'v2' | 'v3';

/** The parts of the API that this project speaks. */
export const APPS = [
  'opportunities',
  'contacts',
  'users',
  'locations',
  'oauth',
  'associations',
  'workflows',
] as const;
export type AppName = (typeof APPS)[number];

export interface SchemaObject {
  type?: string;
  enum?: unknown[];
  required?: string[];
  properties?: Record<string, SchemaObject>;
  items?: SchemaObject;
  allOf?: SchemaObject[];
  anyOf?: SchemaObject[];
  oneOf?: SchemaObject[];
  additionalProperties?: boolean | SchemaObject;
  description?: string;
  deprecated?: boolean;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
}

interface Parameter {
  name: string;
  in: 'query' | 'path' | 'header';
  required?: boolean;
  description?: string;
  deprecated?: boolean;
  schema?: SchemaObject;
}

type Content = Record<string, { schema?: SchemaObject }>;

export interface Operation {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Content };
  responses: Record<string, { content?: Content }>;
  security?: Record<string, string[]>[];
  deprecated?: boolean;
  servers?: Server[];
}

interface Server {
  url: string;
}

export interface OpenApi {
  openapi: string;
  info: { title: string; version: string };
  servers?: Server[];
  paths: Record<string, Record<string, Operation>>;
}

/** Where the docs lie; null where there are none. */
export function vendorDocs(): string | null {
  const folder = resolve(
    process.env.HIGHLEVEL_API_DOCS || join(import.meta.dirname, '../../../shared/highlevel-api-docs'),
  );
  return existsSync(fileOf(folder, 'v3', 'opportunities')) ? folder : null;
}

function fileOf(folder: string, generation: Generation, app: AppName): string {
  return generation === 'v3'
    ? join(folder, 'apps', 'v3', `${app}-v3.json`)
    : join(folder, 'apps', `${app}.json`);
}

/**
 * One part of the API, with every reference replaced by what it names.
 *
 * @throws Error naming the file or the reference that is not there
 */
export function readOpenApi(folder: string, generation: Generation, app: AppName): OpenApi {
  return whole(fileOf(folder, generation, app)) as OpenApi;
}

function whole(file: string): unknown {
  const files = new Map<string, unknown>();
  const known = new Map<string, unknown>();
  const read = (path: string) => {
    if (!files.has(path)) files.set(path, JSON.parse(readFileSync(path, 'utf8')));
    return files.get(path);
  };
  const resolved = (value: unknown, at: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => resolved(item, at));
    if (typeof value !== 'object' || value === null) return value;
    if (!('$ref' in value)) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, at)]));
    }
    const reference = String(value.$ref);
    const [path = '', pointer = ''] = reference.split('#');
    const target = path ? besides(at, path) : at;
    const place = `${target}#${pointer}`;
    if (!known.has(place)) {
      const found = pointer
        .split('/')
        .slice(1)
        .reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], read(target));
      if (found === undefined) throw new Error(`${at} refers to ${reference}, which is not there.`);
      // Set before it is filled, so that a schema that holds itself comes to an end.
      const holder = {};
      known.set(place, holder);
      Object.assign(holder, resolved(found, target));
    }
    return known.get(place);
  };
  return resolved(read(file), file);
}

/** The v3 files say `../common/…` and mean the `common` folder beside them; both are looked at, the written one first. */
function besides(file: string, path: string): string {
  const folder = dirname(file);
  const written = resolve(folder, path);
  const places = [written, resolve(folder, path.replace(/^\.\.\//, ''))];
  return places.find(existsSync) ?? written;
}
