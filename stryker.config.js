/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
  jest: { configFile: 'jest.config.js' },
  plugins: ['@stryker-mutator/jest-runner'],
  mutate: [
    'highlevel/**/*.ts',
    'triggers/**/*.ts',
    'creates/**/*.ts',
    'searches/**/*.ts',
    'authentication.ts',
    'relay/{changes,timeline,match,targets,access}.ts',
  ],
  // A dist/ of the copy would be stale; the tests that need it build or boot the whole, and test other things.
  ignorePatterns: ['dist', 'build', 'reports', 'coverage', 'docs'],
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 20_000,
  reporters: ['clear-text', 'progress', 'json'],
  thresholds: { high: 95, low: 90, break: 85 },
};
