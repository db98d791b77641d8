import { changeTask } from '../contacts/tasks.ts';
import { changeNote, createNote } from '../notes/store.ts';
import {
  changeOpportunity,
  createOpportunity,
  deleteOpportunity,
  type NewOpportunity,
  type OpportunityPatch,
  overwriteOpportunity,
} from '../opportunities/store.ts';
import { fail } from '../server/errors.ts';
import { ALL_SCOPES } from '../server/scopes.ts';
import type { SandboxContext, SandboxSettings } from '../state/context.ts';
import type { ContraryName } from '../state/contraries.ts';
import type { Fault } from '../state/faults.ts';
import type { Location, Note, Opportunity, Task } from '../state/records.ts';
import type { LoggedRequest } from '../state/request-log.ts';
import type { UserType } from '../state/tokens.ts';
import { type Counts, countState, type ImportPlan, importOpportunities } from './import.ts';

interface TokenPlan {
  /** Every scope if absent. */
  scopes?: string[] | undefined;
  /** In s of the sandbox's clock; 86,399 if absent; below 0 it is expired already. */
  expiresInSeconds?: number | undefined;
  /** `Location` if absent. */
  userType?: UserType | undefined;
  /** The main location if absent. */
  locationId?: string | undefined;
  /** A Private Integration Token, which has no refresh token. */
  private?: boolean | undefined;
}

interface MintedToken {
  accessToken: string;
  /** Null for a Private Integration Token. */
  refreshToken: string | null;
  scopes: string[];
  userType: UserType;
  locationId: string | null;
  companyId: string;
}

interface LocationPatch {
  active?: boolean | undefined;
  allowDuplicateOpportunity?: boolean | undefined;
  allowDuplicateContact?: boolean | undefined;
}

type SettingsPatch = { [K in keyof SandboxSettings]?: SandboxSettings[K] | undefined };

/**
 * What can be done to the sandbox and not to HighLevel: by these methods, and by the same under `/_sandbox/`
 * (control/routes.ts).
 */
export interface Controls {
  /** What was asked, oldest first. */
  requests(): LoggedRequest[];
  clearRequests(): void;
  /** Spoils the next calls that match. */
  fault(fault: Fault): void;
  faults(): (Fault & { left: number })[];
  clearFaults(): void;
  /** Turns on these contrary answers and turns off all others. */
  setContraries(names: readonly ContraryName[]): void;
  /** The contrary answers that are on. */
  contraries(): ContraryName[];
  /** Moves the clock to a time in ms or on by some ms; returns the time now, in ms. */
  moveClock(to: { at: number } | { by: number }): number;
  mintToken(plan?: TokenPlan): MintedToken;
  /** Makes a new private token in place of this one, which still works for a while: 7 days by default [docs], in s. */
  rotatePrivateToken(accessToken: string, oldWorksForSeconds?: number): MintedToken;
  /** A person leaves the account: still named as the owner of records, no longer found by search. */
  removeUser(userId: string): void;
  /** Takes every token of a location away and sends UNINSTALL. */
  uninstall(locationId: string): void;
  setLocation(locationId: string, patch: LocationPatch): Location;
  setSettings(patch: SettingsPatch): SandboxSettings;
  counts(): Counts;
  opportunity(id: string): Opportunity;
  /** A person adds an opportunity in HighLevel's own pages: the same events as by the API. */
  addOpportunity(input: NewOpportunity): Opportunity;
  /** A person changes an opportunity there: moves its stage, sets its status, value, owner or name; the same events. */
  changeOpportunity(id: string, patch: OpportunityPatch): Opportunity;
  /** A person deletes an opportunity there; the same events. */
  removeOpportunity(id: string): void;
  /** Writes fields as they are, dates included, without checks and events: to make an opportunity old. */
  editOpportunity(id: string, fields: Partial<Opportunity>): Opportunity;
  /** A person writes a note on a contact; the same event. */
  addNote(contactId: string, body: string, userId?: string | null): Note;
  /** A person edits the text of a note; the same event. */
  editNote(id: string, body: string): Note;
  /** A person marks a task as done; the same event. */
  completeTask(id: string): Task;
  /** An import: many opportunities at once, each with a contact of its own. Returns their ids, first made first. */
  importOpportunities(plan: ImportPlan): string[];
}

/**
 * @param ctx the sandbox's context.
 * @param main the location and company that calls without one mean, and who installed the app there.
 */
export function createControls(
  ctx: SandboxContext,
  main: { locationId: string; companyId: string; userId: string },
): Controls {
  const opportunityOf = (id: string): Opportunity =>
    ctx.state.opportunities.get(id) ?? fail(404, `There is no opportunity ${id}.`);
  const noteOf = (id: string): Note => ctx.state.notes.get(id) ?? fail(404, `There is no note ${id}.`);
  const taskOf = (id: string): Task => ctx.state.tasks.get(id) ?? fail(404, `There is no task ${id}.`);
  const locationOf = (id: string): Location =>
    ctx.state.locations.get(id) ?? fail(404, `There is no location ${id}.`);

  return {
    requests: () => [...ctx.log.entries],
    clearRequests: () => ctx.log.clear(),
    fault: (fault) => ctx.faults.add(fault),
    faults: () => ctx.faults.list(),
    clearFaults: () => ctx.faults.clear(),
    setContraries: (names) => ctx.contrary.set(names),
    contraries: () => ctx.contrary.list(),
    moveClock(to) {
      ctx.moveClock(to);
      return ctx.now();
    },
    mintToken(plan = {}) {
      const userType = plan.userType ?? 'Location';
      const location = locationOf(plan.locationId ?? main.locationId);
      const { companyId } = location;
      const scopes = plan.scopes ?? ALL_SCOPES;
      const locationId = userType === 'Location' ? location.id : null;
      const grant = {
        userType,
        companyId,
        locationId,
        userId: main.userId,
        scopes,
        clientId: ctx.client.clientId,
      };
      const tokens =
        plan.private === true
          ? { accessToken: ctx.tokens.mintPrivate(grant), refreshToken: null }
          : ctx.tokens.pair(grant, plan.expiresInSeconds);
      const { accessToken, refreshToken } = tokens;
      return { accessToken, refreshToken, scopes, userType, locationId, companyId };
    },
    rotatePrivateToken(accessToken, oldWorksForSeconds = 7 * 86_400) {
      const old = ctx.tokens.find(accessToken) ?? fail(404, 'There is no such token.');
      if (!accessToken.startsWith('pit-')) fail(400, 'This is no private token.');
      const { userType, companyId, locationId, userId, scopes, clientId } = old;
      const grant = { userType, companyId, locationId, userId, scopes, clientId };
      ctx.tokens.expire(accessToken, oldWorksForSeconds);
      const fresh = ctx.tokens.mintPrivate(grant);
      return { accessToken: fresh, refreshToken: null, scopes, userType, locationId, companyId };
    },
    removeUser(userId) {
      const user = ctx.state.users.get(userId) ?? fail(404, `There is no user ${userId}.`);
      ctx.state.users.set(userId, { ...user, deleted: true });
    },
    uninstall(locationId) {
      const { companyId } = locationOf(locationId);
      ctx.tokens.revoke(locationId);
      ctx.webhooks.uninstall({ companyId, locationId });
    },
    setLocation(locationId, { active, ...settings }) {
      const before = locationOf(locationId);
      const after: Location = {
        ...before,
        active: active ?? before.active,
        settings: {
          allowDuplicateContact: settings.allowDuplicateContact ?? before.settings.allowDuplicateContact,
          allowDuplicateOpportunity:
            settings.allowDuplicateOpportunity ?? before.settings.allowDuplicateOpportunity,
        },
      };
      ctx.state.locations.set(locationId, after);
      return after;
    },
    setSettings(patch) {
      const given = Object.entries(patch).filter(([, value]) => value !== undefined);
      Object.assign(ctx.settings, Object.fromEntries(given));
      return { ...ctx.settings };
    },
    counts: () => countState(ctx.state),
    opportunity: opportunityOf,
    addOpportunity: (input) => createOpportunity(ctx, input),
    changeOpportunity: (id, patch) => changeOpportunity(ctx, opportunityOf(id), patch),
    removeOpportunity: (id) => deleteOpportunity(ctx, opportunityOf(id)),
    editOpportunity: (id, fields) => overwriteOpportunity(ctx, opportunityOf(id), fields),
    addNote(contactId, body, userId = null) {
      const contact = ctx.state.contacts.get(contactId) ?? fail(404, `There is no contact ${contactId}.`);
      const relations = [{ objectKey: 'contact', recordId: contact.id }];
      return createNote(ctx, contact.locationId, body, { userId, relations });
    },
    editNote: (id, body) => changeNote(ctx, noteOf(id), { body }),
    completeTask: (id) => changeTask(ctx, taskOf(id), { completed: true }),
    importOpportunities: (plan) =>
      importOpportunities(ctx, locationOf(plan.locationId ?? main.locationId), plan),
  };
}
