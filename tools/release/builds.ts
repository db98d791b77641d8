import { parseArgs } from 'node:util';

/** The builds of the app: what `--auth` names, the bundle that holds it, and the file that links it to Zapier. */
export const BUILDS = {
  oauth: { bundle: 'index.js', zip: 'build.zip', link: '.zapierapprc', called: 'the sign-in build' },
  'private-token': {
    bundle: 'index.private-token.js',
    zip: 'build.private-token.zip',
    link: '.zapierapprc.private-token',
    called: 'the private token build',
  },
} as const;

/** The folder beside the bundles, of what they load only in steps that need it. */
export const LATER = 'later';

export type BuildName = keyof typeof BUILDS;

/**
 * Reads `--auth` out of a command's arguments; ends the process with the usage at `--help`, and with a sentence where it
 * names no build.
 *
 * @param usage ends without a line break
 * @returns the build, `oauth` where none is named, and the arguments that are left
 */
export function readBuild(args: string[], usage: string): { build: BuildName; rest: string[] } {
  const { values, tokens } = parseArgs({
    args,
    options: { auth: { type: 'string', default: 'oauth' }, help: { type: 'boolean', short: 'h' } },
    strict: false,
    tokens: true,
  });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const build = String(values.auth);
  if (!Object.hasOwn(BUILDS, build)) {
    console.error(`--auth=${build}: there is no such build. There are: ${Object.keys(BUILDS).join(', ')}.`);
    process.exit(1);
  }
  const own = tokens.flatMap((token) =>
    token.kind === 'option' && token.name === 'auth'
      ? [token.index, ...(token.inlineValue === false ? [token.index + 1] : [])]
      : [],
  );
  return { build: build as BuildName, rest: args.filter((_arg, index) => !own.includes(index)) };
}
