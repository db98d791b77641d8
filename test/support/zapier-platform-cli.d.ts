/** The command line has no types. */
declare module 'zapier-platform-cli/src/oclif/commands/invoke/input-types.js' {
  export default function resolveInputDataTypes(
    inputData: Record<string, unknown>,
    inputFields: object[],
    timezone: string,
  ): Record<string, unknown>;
}
