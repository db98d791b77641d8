/**
 * The sandbox's public face: HighLevel on this machine, for tests, the demonstration, the workbench and the runner.
 * Nothing else under local/sandbox/ is imported from outside.
 *
 * state/          what it remembers while it runs: records, tokens, search index, clock, settings
 * server/         what every call passes: parsing, the guard, limits, errors, faults, the request log
 * oauth/          signing in and tokens
 * account/        locations, pipelines, users, custom fields, workflows, uploads
 * opportunities/  contacts/  notes/   records and their writes
 * search/         the searches for opportunities and contacts
 * webhooks/       events, signatures, retries, the pause
 * contrary/       answers as HighLevel is reported to give them, where that contradicts the rest
 * control/        what a test or a person does to the sandbox and not to HighLevel: /_sandbox/…
 * seed/           the records that an account begins with
 */

export type { SeedResult } from './seed/seed.ts';
export { REQUIRED_SCOPES } from './server/scopes.ts';
export { type Sandbox, type SandboxOptions, startSandbox } from './start.ts';
export { type Contrary, type ContraryName, contraries, contraryNamed } from './state/contraries.ts';
export type { Fault } from './state/faults.ts';
export type { Contact, Note, Opportunity, Task } from './state/records.ts';
export type { LoggedRequest } from './state/request-log.ts';
export { retryRules } from './webhooks/policy.ts';
