import type { Bundle, ZObject } from 'zapier-platform-core';
import { connect } from '../../highlevel/connect.ts';
import { type Problem, withProblem } from '../../highlevel/http/problem.ts';

/**
 * The sentence for an opportunity that stands in the way of another one, with its name and a link to it.
 *
 * @param advice what happened instead, and what to do
 * @param samePipeline false where HighLevel named one of another pipeline
 */
export function duplicateError(
  z: ZObject,
  bundle: Bundle,
  { id, name }: { id: string; name?: string | null },
  advice: string,
  samePipeline = true,
): Error {
  const highlevel = connect(z, bundle);
  const url = highlevel.connection.opportunityUrl(id);
  return new z.errors.HaltedError(
    `This contact already has an opportunity${samePipeline ? ' in this pipeline' : ', of another pipeline'}: "${name ?? id}" (${url}). ${advice} To allow several, ` +
      'switch on multiple opportunities per contact in HighLevel under Settings › Objects › Opportunities.',
  );
}

/** As `duplicateError`, from HighLevel's refusal; null where it refused for another reason. */
export async function explainDuplicate(
  z: ZObject,
  bundle: Bundle,
  problem: Problem | null,
  advice: string,
): Promise<Error | null> {
  const highlevel = connect(z, bundle);
  if (problem?.kind !== 'duplicate' || !problem.existingId) return null;
  const { existingId } = problem;
  // The refusal must be told even where the opportunity cannot be read.
  const existing = await highlevel.opportunities
    .get(existingId)
    .catch(() => ({ id: existingId, name: null }));
  return withProblem(duplicateError(z, bundle, existing, advice), problem);
}
