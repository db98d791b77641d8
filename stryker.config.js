import jest from './jest.config.js';

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
  jest: {
    projectType: 'custom',
    config: {
      ...jest,
      // What is mutated is tested by these; the others build, boot and play the whole, and would take days.
      testMatch: [
        '<rootDir>/test/{authentication,fields,highlevel,triggers,creates,searches}{,/**/*}.test.ts',
        '<rootDir>/test/relay/{changes,match,targets}.test.ts',
      ],
      testPathIgnorePatterns: ['/node_modules/', 'instant.test.ts'],
    },
  },
  plugins: ['@stryker-mutator/jest-runner'],
  mutate: [
    'highlevel/**/*.ts',
    'triggers/**/*.ts',
    'creates/**/*.ts',
    'searches/**/*.ts',
    'authentication.ts',
    'relay/{changes,timeline,match,targets}.ts',
  ],
  ignorePatterns: ['dist', 'build', 'reports', 'coverage', 'docs'],
  coverageAnalysis: 'perTest',
  // What runs once when a module is loaded would make every test run again for each of its mutants.
  ignoreStatic: true,
  concurrency: 2,
  timeoutMS: 20_000,
  reporters: ['clear-text', 'progress', 'json'],
  thresholds: { high: 95, low: 90, break: 85 },
};
