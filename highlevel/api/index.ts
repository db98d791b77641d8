import { prepareRequest, sendRequest } from './request.ts';
import { readUsage } from './usage.ts';

/** HighLevel's API itself: a person's own requests, and how much of the allowance is left. */
export const api = { prepare: prepareRequest, send: sendRequest, usage: readUsage };
