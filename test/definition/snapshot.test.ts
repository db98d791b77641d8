import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BUILD_NAMES, type Connection, connect } from '../support/connection.ts';
import { changesBetween } from './changes.ts';
import type { Definition, Field, Operation } from './definition.ts';
import { readDefinition } from './read.ts';
import { printSnapshot, type Snapshot, snapshotOf } from './snapshot.ts';
import { sound } from './sound.ts';

/*
 * definition.snapshot.json is what users' Zaps are built on. Every change of it is recorded on purpose:
 *
 *   RECORD_DEFINITION=1 npm run jest -- test/definition/snapshot           what harms no Zap
 *   RECORD_DEFINITION=breaking npm run jest -- test/definition/snapshot    all of it: a new major version
 */
const FILES = {
  oauth: new URL('../definition.snapshot.json', import.meta.url),
  'private-token': new URL('../definition.private-token.snapshot.json', import.meta.url),
};
const RECORD = process.env.RECORD_DEFINITION;

describe.each(BUILD_NAMES)('the definition of the build %s', (build) => {
  const file = FILES[build];
  let connection: Connection;
  let now: Snapshot;
  let kept: Snapshot;

  beforeAll(async () => {
    connection = await connect({}, build);
    const whole = snapshotOf(await readDefinition(connection));
    // What lies beyond the connection is the other build's, as test/definition/builds.test.ts holds.
    now = build === 'oauth' ? whole : { ...whole, operations: {}, searchOrCreates: {} };
    kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Snapshot) : now;
    const { breaks } = changesBetween(kept, now);
    if (RECORD === 'breaking' || (RECORD === '1' && breaks.length === 0)) {
      writeFileSync(file, printSnapshot(now));
      kept = now;
    }
  });
  afterAll(() => connection.close());

  it('breaks no Zap that was built on it before', () => {
    expect(changesBetween(kept, now).breaks).toEqual([]);
  });

  it('is recorded as it is (if not: RECORD_DEFINITION=1 npm run jest -- test/definition/snapshot)', () => {
    expect(changesBetween(kept, now).harmless).toEqual([]);
    expect(readFileSync(file, 'utf8')).toBe(printSnapshot(now));
  });
});

type Edit = (app: Definition) => void;

const operation = (app: Definition, shelf: 'triggers' | 'creates', key: string) =>
  app[shelf]?.[key] as Operation & { operation: { inputFields: Field[]; outputFields: Field[] } };
const trigger = (app: Definition) => operation(app, 'triggers', 'new_opportunity');
const create = (app: Definition) => operation(app, 'creates', 'create_opportunity');
const input = (app: Definition, key: string) =>
  create(app).operation.inputFields.find((field) => field.key === key) as Field;
const output = (app: Definition, key: string) =>
  trigger(app).operation.outputFields.find((field) => field.key === key) as Field;

const changed = (edit: Edit) => {
  const app = sound();
  edit(app);
  return changesBetween(snapshotOf(sound()), snapshotOf(app));
};

describe('a change that breaks Zaps', () => {
  it.each<[string, Edit, string[]]>([
    [
      'an operation is gone',
      (app) => delete app.creates?.create_opportunity,
      ['creates.create_opportunity is gone.'],
    ],
    [
      'an operation is renamed',
      (app) => {
        app.creates = {
          add_opportunity: create(app),
          save_opportunity: operation(app, 'creates', 'save_opportunity'),
        };
      },
      ['creates.create_opportunity is gone (renamed to creates.add_opportunity?).'],
    ],
    [
      'a poll becomes a hook',
      (app) => {
        trigger(app).operation.type = 'hook';
      },
      ['triggers.new_opportunity was of type polling and is now hook.'],
    ],
    [
      'a trigger is hidden',
      (app) => {
        trigger(app).display.hidden = true;
      },
      ['triggers.new_opportunity is hidden now.'],
    ],
    [
      'an input is gone',
      (app) => create(app).operation.inputFields.splice(2, 1),
      ['creates.create_opportunity.inputs.stage_id is gone.'],
    ],
    [
      'an input is renamed',
      (app) => {
        input(app, 'stage_id').key = 'step_id';
      },
      ['creates.create_opportunity.inputs.stage_id is gone (renamed to step_id?).'],
    ],
    [
      'an input is of another type',
      (app) => {
        input(app, 'stage_id').type = 'integer';
      },
      ['creates.create_opportunity.inputs.stage_id was "string" and is now "integer".'],
    ],
    [
      'an input takes a list',
      (app) => {
        input(app, 'stage_id').list = true;
      },
      ['creates.create_opportunity.inputs.stage_id was "string" and is now "string, list".'],
    ],
    [
      'an input is newly required',
      (app) => {
        input(app, 'stage_id').required = true;
      },
      ['creates.create_opportunity.inputs.stage_id is newly required.'],
    ],
    [
      'a new input is required',
      (app) => create(app).operation.inputFields.push({ key: 'title', required: true }),
      ['creates.create_opportunity.inputs.title is required, and the Zaps that are there do not fill it in.'],
    ],
    [
      'the person’s own fields are gone',
      (app) => create(app).operation.inputFields.splice(3),
      ['creates.create_opportunity.own.inputs is gone.'],
    ],
    [
      'an output is gone from description and sample',
      (app) => {
        trigger(app).operation.outputFields = trigger(app).operation.outputFields.filter(
          ({ key }) => key !== 'email',
        );
        delete trigger(app).operation.sample?.email;
      },
      ['triggers.new_opportunity.outputs.email is gone.', 'triggers.new_opportunity.sample.email is gone.'],
    ],
    [
      'an output is of another type',
      (app) => {
        output(app, 'created_at').type = 'string';
      },
      ['triggers.new_opportunity.outputs.created_at was "datetime" and is now "string".'],
    ],
    [
      'an output is no longer promised',
      (app) => {
        output(app, 'id').required = false;
      },
      ['triggers.new_opportunity.outputs.id is no longer always there.'],
    ],
    [
      'rows are told apart otherwise',
      (app) => {
        output(app, 'id').primary = true;
      },
      ['triggers.new_opportunity.outputs.id was "string, required" and is now "string, required, primary".'],
    ],
    [
      'rows are told apart by something new',
      (app) => trigger(app).operation.outputFields.push({ key: 'version', type: 'integer', primary: true }),
      ['triggers.new_opportunity.outputs.version is primary, so that every old row is new again.'],
    ],
    [
      'a line item loses a column',
      (app) => output(app, 'items').children?.pop(),
      ['triggers.new_opportunity.outputs.items[]price is gone.'],
    ],
    [
      'people sign in otherwise',
      (app) => {
        if (app.authentication) app.authentication.type = 'custom';
      },
      ['authentication was oauth2 and is now custom.'],
    ],
    [
      'a field of the connection is newly required',
      (app) => {
        app.authentication?.fields?.push({ key: 'region', required: true });
      },
      ['authentication.fields.region is required, and the Zaps that are there do not fill it in.'],
    ],
    [
      'a find-or-create step is gone',
      (app) => delete app.searchOrCreates?.find_opportunity,
      ['searchOrCreates.find_opportunity is gone.'],
    ],
    [
      'a find-or-create step creates otherwise',
      (app) => {
        Object.assign(app.searchOrCreates?.find_opportunity ?? {}, { create: 'add_opportunity' });
      },
      [
        'searchOrCreates.find_opportunity joined find_opportunity, save_opportunity, save_opportunity and now joins find_opportunity, add_opportunity, save_opportunity.',
      ],
    ],
  ])('is told: %s', (_when, edit, expected) => {
    expect(changed(edit).breaks).toEqual(expected);
  });
});

describe('a change that harms no Zap', () => {
  it.each<[string, Edit, string[]]>([
    [
      'a new optional input',
      (app) => create(app).operation.inputFields.push({ key: 'title' }),
      ['creates.create_opportunity.inputs.title is new.'],
    ],
    [
      'an input that may be left out now',
      (app) => {
        input(app, 'name').required = false;
      },
      ['creates.create_opportunity.inputs.name is no longer required.'],
    ],
    [
      'a new output',
      (app) => trigger(app).operation.outputFields.push({ key: 'title' }),
      ['triggers.new_opportunity.outputs.title is new.'],
    ],
    [
      'an output that is always there now',
      (app) => {
        output(app, 'name').required = true;
      },
      ['triggers.new_opportunity.outputs.name is always there now.'],
    ],
    [
      'a trigger that is shown now',
      (app) => {
        operation(app, 'triggers', 'stage_list').display.hidden = false;
      },
      ['triggers.stage_list is shown now.'],
    ],
    [
      'other words',
      (app) => {
        create(app).display.label = 'Add Opportunity';
        input(app, 'name').helpText = 'Another help.';
      },
      [],
    ],
  ])('is told apart: %s', (_when, edit, expected) => {
    expect(changed(edit)).toEqual({ breaks: [], harmless: expected });
  });
});
