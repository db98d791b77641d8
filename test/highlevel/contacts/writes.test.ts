import { describe, expect, it } from '@jest/globals';
import { previewContact } from '../../../highlevel/contacts/writes.ts';

describe('previewContact', () => {
  const before = {
    id: 'c1',
    firstName: 'Sam',
    email: 'sam@example.com',
    tags: ['new'],
    customFields: [
      { id: 'f1', value: 'kept' },
      { id: 'f2', value: 'old' },
    ],
  };

  it('has what was set in place of what was there, each custom field once, and the tags besides', () => {
    const change = { firstName: 'Samira', lastName: undefined, customFields: [{ id: 'f2', value: 'new' }] };
    expect(previewContact(before, change, ['vip', 'New', 'VIP'])).toEqual({
      ...before,
      firstName: 'Samira',
      tags: ['new', 'vip'],
      customFields: [
        { id: 'f1', value: 'kept' },
        { id: 'f2', fieldValue: 'new' },
      ],
    });
  });

  it('is the contact as it was, where nothing was set', () => {
    expect(previewContact(before, {}, [])).toEqual(before);
  });

  it('has nothing but what was set, where there was no contact', () => {
    expect(previewContact({ id: 'c2' }, { email: 'lee@example.com' }, [])).toEqual({
      id: 'c2',
      email: 'lee@example.com',
      tags: [],
      customFields: [],
    });
  });
});
