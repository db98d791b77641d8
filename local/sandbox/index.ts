/**
 * The sandbox's public face: HighLevel on this machine, for tests, the demonstration, the workbench and the runner.
 * Nothing else under local/sandbox/ is imported from outside.
 */

export type { SeedResult } from './seed/seed.ts';
export { REQUIRED_SCOPES } from './server/scopes.ts';
export { type Sandbox, type SandboxOptions, startSandbox } from './start.ts';
export { type Contrary, type ContraryName, contraries, contraryNamed } from './state/contraries.ts';
export type { Fault } from './state/faults.ts';
export type { Contact, Note, Opportunity, Task } from './state/records.ts';
export type { LoggedRequest } from './state/request-log.ts';
export { retryRules } from './webhooks/policy.ts';
