import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ATTACKS, runChaos } from '../../tools/relay/chaos.ts';
import { runFuzz } from '../../tools/relay/fuzz.ts';

const relayScript = join(import.meta.dirname, 'support/patient-relay.ts');

test('a round of each attack loses nothing, changes no order, and sends no change under two ids', async () => {
  const report = await runChaos({ rounds: ATTACKS.length, relayScript });
  expect(report).toMatchObject({ lost: 0, outOfOrder: 0, underTwoIds: 0 });
  // Of the changes of one round a third is dropped on purpose.
  expect(report.acknowledged).toBe(ATTACKS.length * 12 - 4);
  expect(report.sent).toBeGreaterThanOrEqual(report.acknowledged);
  for (const { changes } of Object.values(report.received)) expect(changes).toBe(report.acknowledged);
}, 240_000);

test('a relay with a database of its own is killed, and so is the database, and nothing is lost', async () => {
  const report = await runChaos({ rounds: 4, relayScript, store: 'embedded', only: 'kill' });
  expect(report).toMatchObject({ kills: 4, acknowledged: 48, lost: 0, outOfOrder: 0, underTwoIds: 0 });
  for (const { changes } of Object.values(report.received)) expect(changes).toBe(48);
}, 120_000);

test('bodies that no HighLevel sends are answered as the relay means to, and never with 5xx', async () => {
  const answers = await runFuzz({ bodies: 3_000, seed: 7 });
  expect(Object.keys(answers).sort()).toEqual(['200', '401']);
}, 60_000);
