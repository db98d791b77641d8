import type { Definition, Facts } from './definition.ts';
import { plain } from './rules/plain.ts';
import { references } from './rules/references.ts';
import type { Finding, Rule } from './rules/rule.ts';
import { samples } from './rules/samples.ts';
import { structure } from './rules/structure.ts';
import { words } from './rules/words.ts';

/**
 * The publishing checks that can be proven without Zapier, and the rules of this house.
 *
 * What each D-code asks is the vendor's "Integration check reference". [docs] Not here, because no definition shows
 * them: D016 (implied by D017), D019 and D020 (withdrawn), D026 (checking addresses that people type: the tests of
 * authentication and of the sign-in do).
 */
export const RULES: Rule[] = [...references, ...structure, ...words, ...plain, ...samples];

/** Everything wrong with a definition, as `code place: sentence`, in the order of the rules. */
export function lint(app: Definition, facts: Facts): string[] {
  return findings(app, facts).map(({ code, place, says }) => `${code} ${place}: ${says}`);
}

export function findings(app: Definition, facts: Facts): Finding[] {
  return RULES.flatMap(({ code, check }) => [...check(app, facts)].map((finding) => ({ code, ...finding })));
}
