import { matrixOf } from './support/matrix.ts';

/** With a private token a 401 is told in words, and with a sign-in it is not; in all else the two builds are one. */
const extent = { build: 'private-token', answers: ['v3-401', 'search-post-401', 'location-401'] } as const;

matrixOf('triggers', extent);
matrixOf('searches', extent);
matrixOf('creates', extent);
