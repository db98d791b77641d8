import 'zapier-platform-core';

/** Core exports it, and its own types leave it out. [source: core, index.mjs and types] */
declare module 'zapier-platform-core' {
  export const createAppHandler: (app: object) => (event: object) => Promise<{ results: unknown }>;
}
