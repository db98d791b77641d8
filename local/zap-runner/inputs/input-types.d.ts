declare module 'zapier-platform-cli/src/oclif/commands/invoke/input-types.js' {
  /** Reads typed inputs in place, and returns them. @param timezone IANA name */
  export default function resolveInputDataTypes(
    inputData: Record<string, unknown>,
    inputFields: { key: string; type?: string | undefined; default?: string }[],
    timezone: string,
  ): Record<string, unknown>;
}
