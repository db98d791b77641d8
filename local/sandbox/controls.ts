import type { SandboxContext, SandboxSettings } from './context.ts';
import { type Counts, countState, type ImportPlan, importOpportunities } from './control-records.ts';
import { fail } from './errors.ts';
import type { Fault } from './faults.ts';
import {
  changeOpportunity,
  createOpportunity,
  deleteOpportunity,
  type NewOpportunity,
  type OpportunityPatch,
  overwriteOpportunity,
} from './opportunity-store.ts';
import type { LoggedRequest } from './request-log.ts';
import { ALL_SCOPES } from './scopes.ts';
import type { Location, Opportunity } from './state.ts';
import type { UserType } from './tokens.ts';

export interface TokenPlan {
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

export interface MintedToken {
  accessToken: string;
  /** Null for a Private Integration Token. */
  refreshToken: string | null;
  scopes: string[];
  userType: UserType;
  locationId: string | null;
  companyId: string;
}

export interface LocationPatch {
  active?: boolean | undefined;
  allowDuplicateOpportunity?: boolean | undefined;
  allowDuplicateContact?: boolean | undefined;
}

export type SettingsPatch = { [K in keyof SandboxSettings]?: SandboxSettings[K] | undefined };

/**
 * What the sandbox can be told that HighLevel cannot: by these methods, and by the same under `/_sandbox/`
 * (control-routes.ts).
 */
export interface Controls {
  /** What was asked, oldest first. */
  requests(): LoggedRequest[];
  clearRequests(): void;
  /** Spoils the next calls that match. */
  fault(fault: Fault): void;
  faults(): (Fault & { left: number })[];
  clearFaults(): void;
  /** Moves the clock to a time in ms or on by some ms; returns the time now, in ms. */
  moveClock(to: { at: number } | { by: number }): number;
  mintToken(plan?: TokenPlan): MintedToken;
  /** Takes every token of a location away and sends UNINSTALL. */
  uninstall(locationId: string): void;
  setLocation(locationId: string, patch: LocationPatch): Location;
  setSettings(patch: SettingsPatch): SandboxSettings;
  counts(): Counts;
  opportunity(id: string): Opportunity;
  /** A person adds a deal in HighLevel's own pages: the same events as by the API. */
  addOpportunity(input: NewOpportunity): Opportunity;
  /** A person changes a deal there: moves its stage, sets its status, value, owner or name; the same events. */
  changeOpportunity(id: string, patch: OpportunityPatch): Opportunity;
  /** A person deletes a deal there; the same events. */
  removeOpportunity(id: string): void;
  /** Writes fields as they are, dates included, without checks and events: to make a deal old. */
  editOpportunity(id: string, fields: Partial<Opportunity>): Opportunity;
  /** An import: many deals at once, each with a contact of its own. Returns their ids, first made first. */
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
  const deal = (id: string): Opportunity =>
    ctx.state.opportunities.get(id) ?? fail(404, `There is no opportunity ${id}.`);
  const place = (id: string): Location =>
    ctx.state.locations.get(id) ?? fail(404, `There is no location ${id}.`);

  return {
    requests: () => [...ctx.log.entries],
    clearRequests: () => ctx.log.clear(),
    fault: (fault) => ctx.faults.add(fault),
    faults: () => ctx.faults.list(),
    clearFaults: () => ctx.faults.clear(),
    moveClock(to) {
      ctx.moveClock(to);
      return ctx.now();
    },
    mintToken(plan = {}) {
      const userType = plan.userType ?? 'Location';
      const location = place(plan.locationId ?? main.locationId);
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
    uninstall(locationId) {
      const { companyId } = place(locationId);
      ctx.tokens.revoke(locationId);
      ctx.webhooks.uninstall({ companyId, locationId });
    },
    setLocation(locationId, { active, ...settings }) {
      const before = place(locationId);
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
    opportunity: deal,
    addOpportunity: (input) => createOpportunity(ctx, input),
    changeOpportunity: (id, patch) => changeOpportunity(ctx, deal(id), patch),
    removeOpportunity: (id) => deleteOpportunity(ctx, deal(id)),
    editOpportunity: (id, fields) => overwriteOpportunity(ctx, deal(id), fields),
    importOpportunities: (plan) => importOpportunities(ctx, place(plan.locationId ?? main.locationId), plan),
  };
}
