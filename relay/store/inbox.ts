/** How the ids of events without an id of their own begin: a digest of the event's bytes follows. */
export const CONTENT_ID_PREFIX = 'sha256:';
