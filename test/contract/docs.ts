import { describe, it } from '@jest/globals';
import { VENDOR_REPOSITORY, vendorDocs } from '../../tools/spec/vendor-docs.ts';

const NOT_CHECKED =
  'NOT CHECKED against HighLevel’s specification, because it is not on this machine. ' +
  `Get it with "git clone ${VENDOR_REPOSITORY} ../highlevel-api-docs" ` +
  'and run the tests with HIGHLEVEL_API_DOCS=../highlevel-api-docs.';

/**
 * Tests that need the vendor's docs. Without them a person is told so and everything else goes on; a build server
 * (CI=true) must have them, because a check that nobody runs is none.
 */
export function heldToTheSpecification(what: string, tests: (folder: string) => void): void {
  const folder = vendorDocs();
  describe(what, () => {
    if (folder) return tests(folder);
    if (process.env.CI === 'true') {
      it('finds the specification', () => {
        throw new Error(NOT_CHECKED);
      });
      return;
    }
    process.stderr.write(`\n${'!'.repeat(80)}\n${what}: ${NOT_CHECKED}\n${'!'.repeat(80)}\n\n`);
    it.todo(NOT_CHECKED);
  });
}
