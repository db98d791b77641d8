import jest from './jest.config.js';

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
  jest: {
    projectType: 'custom',
    config: {
      ...jest,
      runner: '<rootDir>/bite/covering-runner.js',
      // What is mutated is tested by these; the others build, boot and play the whole, and would take days.
      testMatch: [
        '<rootDir>/test/{authentication,fields,highlevel,triggers,creates,searches}{,/**/*}.test.ts',
        '<rootDir>/test/relay/{changes,match,targets}.test.ts',
        '<rootDir>/test/definition/{snapshot,shape}.test.ts',
      ],
      // These two wait for what does not come, and test what is not mutated.
      testPathIgnorePatterns: [
        '/node_modules/',
        'test/triggers/instant.test.ts',
        'test/fields/relay.test.ts',
      ],
      testTimeout: 15_000,
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
  incremental: true,
  incrementalFile: 'reports/mutation/incremental.json',
  concurrency: 2,
  // Jest keeps what it loaded: a process of some hundred runs has gigabytes.
  maxTestRunnerReuse: 50,
  timeoutMS: 5_000,
  reporters: ['clear-text', 'progress', 'json'],
  clearTextReporter: { reportTests: false },
  thresholds: { high: 95, low: 90, break: 85 },
};
