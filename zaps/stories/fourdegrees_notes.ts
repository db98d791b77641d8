import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Story } from '../harness/story.ts';
import type { World } from '../harness/world.ts';
import { editIn, editOut, IN, note, noteIn, noteOut, OUT } from './fourdegrees_note.ts';

const there = (world: World) => world.apps.records('4Degrees', 'notes');
const deal = (world: World) => world.apps.records('4Degrees', 'deals')[0];
const opportunity = (world: World) =>
  world.opportunities().find(({ id }) => id === deal(world)?.highlevel_id);

const starting = (world: World, words: string) =>
  world.notes().find(({ body }) => body.startsWith(words)) ?? fail(`no note begins with "${words}"`);

function write(world: World, text: string, contactId = opportunity(world)?.contactId ?? ''): string {
  const { sandbox } = world;
  world.pause();
  return sandbox.addNote(contactId, text, sandbox.seeded.users['Dana Whitfield'] ?? null).id;
}

export const fourdegreesNotes: Story = {
  name: '4degrees-notes',
  title: '4Degrees notes and HighLevel notes, both ways',
  who: 'Deal teams that take notes where they stand and want them in one place with author and time.',
  asked: [
    'The issue’s own words: a note here is written there and the other way',
    'zapier.com template "Capture deals and notes in Pipedrive from webhook data": notes that travel with deals',
  ],
  before: [
    'The deals are linked by the Zaps between 4Degrees deals and HighLevel opportunities, so that 4Degrees keeps the HighLevel ID.',
    'HighLevel keeps notes with contacts: a note goes to the contact’s opportunity, the open and newest one first.',
  ],
  rules: [
    'A note bears at its end who wrote it, when, and the ID that it has on the side it comes from.',
    'A note that came from the other side bears that mark, and is not sent back.',
    'An edit of a note goes over within seconds, and changes the copy there. A note is edited where it was written: what is changed in a copy stays there, and goes with the next edit of the note itself.',
    'A note whose event comes twice is written once: Storage by Zapier counts the events of each note, and only the first goes on. A run that fails is replayed from the step that failed, and is not counted anew.',
    'A person who types such a mark into a note keeps it from travelling.',
  ],
  zaps: [noteIn, noteOut, editIn, editOut],
  samples: [note],
  scenes: [
    {
      says: 'A note is written in 4Degrees',
      act: async (world) => {
        const sales = world.sandbox.seeded.pipelines.Sales?.id;
        const [one] = world
          .opportunities()
          .filter(({ pipelineId, status }) => pipelineId === sales && status === 'open');
        const { id } = world.apps.add('4Degrees', 'deals', { name: one?.name, highlevel_id: one?.id });
        world.apps.add('4Degrees', 'notes', { ...note.payload, deal_id: id });
        await world.rest();
      },
      holds: {
        'HighLevel has it once, with author, time and the original ID': (world) => {
          const [first] = there(world);
          const found = world.notes().filter(({ body }) => body.includes('cohort numbers'));
          deepEqual(
            found.map(({ body }) => body),
            [
              `Partners want the cohort numbers before Friday.\n\nJordan Hale, 2026-11-20T15:12:00.000Z (4Degrees note ${first?.id})`,
            ],
          );
          ok(found[0]?.relations.some(({ recordId }) => recordId === opportunity(world)?.contactId));
        },
        'It is not sent back': (world) => {
          equal(there(world).length, 1);
          deepEqual(
            world.runs(OUT).map(({ status }) => status),
            ['filtered'],
          );
        },
      },
    },
    {
      says: 'A note is written in HighLevel',
      act: async (world) => {
        write(world, 'Called: they accept the second draft.');
        await world.rest();
      },
      holds: {
        '4Degrees has it once, with author, time and the original ID': (world) => {
          const mine = world.notes().find(({ body }) => body.startsWith('Called:'));
          equal(there(world).length, 2);
          const came = there(world)[1];
          match(
            String(came?.text),
            new RegExp(`^Called: .*\\n\\nDana Whitfield, .*Z \\(HighLevel note ${mine?.id}\\)$`),
          );
          deepEqual(
            [came?.deal_id, came?.author, came?.original_id, came?.written_at],
            [deal(world)?.id, 'Dana Whitfield', mine?.id, mine?.dateAdded],
          );
        },
        'It is not sent back': (world) => deepEqual(world.writes(), []),
      },
    },
    {
      says: 'Both notes are edited where they were written',
      act: async (world) => {
        world.pause();
        const [first] = there(world);
        world.apps.edit('4Degrees', 'notes', first?.id ?? '', { text: 'Partners have the cohort numbers.' });
        await world.rest();
        world.pause();
        world.sandbox.editNote(starting(world, 'Called:').id, 'Called: they want a third draft.');
        await world.rest();
      },
      holds: {
        'Each copy says so, and still bears where it comes from': (world) => {
          const [first, second] = there(world);
          equal(
            starting(world, 'Partners').body,
            `Partners have the cohort numbers.\n\nJordan Hale, 2026-11-20T15:12:00.000Z (4Degrees note ${first?.id})`,
          );
          match(
            String(second?.text),
            /^Called: they want a third draft\.\n\nDana Whitfield, .* \(HighLevel note .*\)$/,
          );
        },
        'No note is new, and nothing is sent back': (world) => {
          equal(there(world).length, 2);
          deepEqual(
            world.writes().map((write) => write.split(' ')[0]),
            ['PUT'],
          );
        },
      },
    },
    {
      says: 'Somebody adds a word to each copy',
      act: async (world) => {
        world.pause();
        const copy = starting(world, 'Partners');
        world.sandbox.editNote(copy.id, `${copy.body} Seen.`);
        const [, second] = there(world);
        world.apps.edit('4Degrees', 'notes', second?.id ?? '', { text: `${second?.text} Seen.` });
        await world.rest();
      },
      holds: {
        'The notes themselves stay as they are': (world) => {
          equal(there(world)[0]?.text, 'Partners have the cohort numbers.');
          equal(starting(world, 'Called:').body, 'Called: they want a third draft.');
          deepEqual(world.writes(), []);
        },
      },
    },
    {
      says: 'Both sides tell of their next note twice',
      act: async (world) => {
        world.apps.repeat(1);
        world.apps.add('4Degrees', 'notes', {
          ...note.payload,
          text: 'Twice there',
          deal_id: deal(world)?.id,
        });
        await world.rest();
        write(world, 'Twice here');
        await world.rest();
        // The same event once more under another name, as no sender should and some do.
        await world.live(OUT).rerun(world.live(OUT).tasks.at(-1) ?? fail('no run'));
        await world.rest();
      },
      holds: {
        'Each is written once': (world) => {
          equal(world.notes().filter(({ body }) => body.startsWith('Twice there')).length, 1);
          equal(there(world).filter(({ text }) => String(text).startsWith('Twice here')).length, 1);
        },
      },
    },
    {
      says: 'HighLevel is away when a note is to be written, and the run is replayed later',
      act: async (world) => {
        world.sandbox.fault({ method: 'POST', path: '/contacts/*', status: 503, times: 5 });
        world.sandbox.fault({ method: 'POST', path: '/notes/', status: 503, times: 5 });
        world.apps.add('4Degrees', 'notes', { ...note.payload, text: 'Late', deal_id: deal(world)?.id });
        await world.rest();
        world.sandbox.clearFaults();
        for (const failed of world.runs(IN).filter(({ status }) => status === 'error'))
          await world.live(IN).replay(failed);
        await world.rest();
      },
      holds: {
        'A step failed': (world) => ok(world.failures().length > 0),
        'It is written once': (world) =>
          equal(world.notes().filter(({ body }) => body.startsWith('Late')).length, 1),
      },
    },
    {
      says: 'Notes on a deal and on a contact that the other side does not know',
      act: async (world) => {
        world.apps.add('4Degrees', 'notes', { ...note.payload, text: 'Unlinked', deal_id: 'none' });
        const taken = new Set(world.opportunities().map(({ contactId }) => contactId));
        write(world, 'Nobody’s', world.contacts().find(({ id }) => !taken.has(id))?.id);
        await world.rest();
      },
      holds: {
        'Nothing is written': (world) => {
          deepEqual(world.writes(), []);
          equal(there(world).filter(({ text }) => String(text).startsWith('Nobody’s')).length, 0);
        },
      },
    },
  ],
  template: {
    title: 'Create notes in 4Degrees from new notes in HighLevel, and the other way',
    description:
      'What is noted in one system stands in the other within seconds, with author, time and the original’s ID, and an edit follows it. A note travels once, and never back.',
  },
};

function fail(message: string): never {
  throw new Error(message);
}
