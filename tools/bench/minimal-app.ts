/** The least that can be called an app: what the costs of this one are measured against. */
import zapier from 'zapier-platform-core';

export default {
  version: '1.0.0',
  platformVersion: zapier.version,
  triggers: {
    new_opportunity: {
      key: 'new_opportunity',
      noun: 'Opportunity',
      display: { label: 'New Opportunity', description: 'Triggers when a new opportunity is created.' },
      operation: {
        type: 'polling',
        perform: async () => [],
        inputFields: [{ key: 'name', label: 'Name' }],
        sample: { id: '1' },
      },
    },
  },
};
