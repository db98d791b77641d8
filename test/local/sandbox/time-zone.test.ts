import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Prints what depends on days and times, from a sandbox whose clock stands near midnight UTC. */
const SCRIPT = `
import { startSandbox } from '${join(process.cwd(), 'local/sandbox/index.ts')}';
const now = Date.parse('2026-03-08T23:30:00.000Z');
const sandbox = await startSandbox({ now: () => now, seed: 1 });
const { locationId, seeded } = sandbox;
const call = async (method, path, body) => {
  const response = await fetch(sandbox.url + path, {
    method,
    headers: { authorization: 'Bearer ' + sandbox.accessToken, version: 'v3', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.json();
};
const [contactId] = seeded.contactIds;
const [id] = seeded.opportunityIds;
const date = seeded.customFields['opportunity.contract_date'];
const said = [];
for (const dueDate of ['2026-03-08', '2026-03-08T02:30', '2026-03-08T02:30:00+01:00', '2026-03-08T02:30:00.5Z']) {
  const task = { title: 'x', dueDate, completed: false };
  said.push((await call('POST', '/contacts/' + contactId + '/tasks', task)).task.dueDate);
}
for (const fieldValue of ['2026-03-08', '03/08/2026', 'Mar 8, 2026', '2026-03-08T23:00:00']) {
  await call('PUT', '/opportunities/' + id, { customFields: [{ id: date, fieldValue }] });
  const value = { gte: '2026-03-08T00:00:00', lte: '2026-03-08T23:59:59' };
  const filters = [{ field: 'custom_fields.' + date, operator: 'range', value }];
  const { opportunities } = await call('POST', '/opportunities/search', { locationId, limit: 5, filters });
  said.push(opportunities.map((row) => row.customFields.find((one) => one.id === date)));
}
for (const forecastExpectedCloseDate of ['2026-12-31T23:30:00-08:00', '12/31/2026', '2026.3.8']) {
  const { opportunity } = await call('PUT', '/opportunities/' + id, { forecastExpectedCloseDate });
  said.push(opportunity.forecastExpectedCloseDate);
}
const day = await fetch(sandbox.url + '/opportunities/search?locationId=' + locationId + '&date=03-01-2026&endDate=03-07-2026', {
  headers: { authorization: 'Bearer ' + sandbox.accessToken, version: 'v3' },
});
said.push((await day.json()).opportunities.map((row) => row.createdAt));
const range = [{ field: 'dateAdded', operator: 'range', value: { gte: '2026-03-01T00:00' } }];
said.push((await call('POST', '/contacts/search', { locationId, pageLimit: 100, filters: range })).total);
console.log(JSON.stringify({ zone: new Date(now).getTimezoneOffset(), said }));
await sandbox.close();
`;

function saidIn(zone: string): { zone: number; said: unknown[] } {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', SCRIPT], {
    env: { ...process.env, TZ: zone },
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

test('days and times are the same in every time zone of the machine', () => {
  const utc = saidIn('UTC');
  expect(utc.said.slice(0, 4)).toEqual([
    '2026-03-08T00:00:00.000Z',
    '2026-03-08T02:30:00.000Z',
    '2026-03-08T01:30:00.000Z',
    '2026-03-08T02:30:00.500Z',
  ]);
  for (const found of utc.said.slice(4, 8)) expect(found).toHaveLength(1);
  for (const zone of ['America/Los_Angeles', 'Pacific/Kiritimati', 'Asia/Kolkata']) {
    const there = saidIn(zone);
    // The zone was really another one, and clocks change there on this day in one of them.
    expect(there.zone).not.toBe(0);
    expect(there.said).toEqual(utc.said);
  }
}, 60_000);
