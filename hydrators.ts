import type { Bundle, ZObject } from 'zapier-platform-core';
import { connect } from './highlevel/connect.ts';

/**
 * What a row of a poll only points to, and Zapier asks for when a Zap runs on the row: a poll shows a hundred rows that
 * Zapier has seen before.
 */
export const hydrators = {
  contact: async (z: ZObject, bundle: Bundle) =>
    connect(z, bundle).contacts.ofOpportunity(String(bundle.inputData.contact_id)),
};
