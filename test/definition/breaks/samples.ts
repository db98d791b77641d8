import { type Broken, broken, create, field, hook, list } from './break.ts';

export const samples: Broken[] = [
  broken(
    'D007',
    'a sample with an unsafe link',
    /create_opportunity.*sample.url: .*not https/,
    create(({ operation }) => Object.assign(operation.sample ?? {}, { url: 'http://app.example.com' })),
  ),
  broken(
    'D010',
    'a list whose sample has no ID',
    /stage_list: its sample has no "key"/,
    list(({ operation }) => {
      operation.outputFields = [{ key: 'key', label: 'Key', primary: true }];
    }),
  ),
  broken(
    'D012',
    'no sample',
    /opportunity_won_instant: no sample/,
    hook(({ operation }) => {
      delete operation.sample;
      operation.outputFields = [];
    }),
  ),
  broken(
    'D023',
    'a sample time without offset',
    /sample.name: "2026-11-02T09:15:00" is a time without offset/,
    create(({ operation }) => Object.assign(operation.sample ?? {}, { name: '2026-11-02T09:15:00' })),
  ),
  broken(
    'D023',
    'a sample day as people write it',
    /"2 Nov 2026" is a time/,
    create(({ operation }) => Object.assign(operation.sample ?? {}, { name: '2 Nov 2026' })),
  ),
  broken(
    'D024',
    'a number in a sample of text',
    /create_opportunity.name: 7 in the sample is no string/,
    create(({ operation }) => Object.assign(operation.sample ?? {}, { name: 7 })),
  ),
  broken(
    'D024',
    'a required output that the sample leaves empty',
    /create_opportunity.email: null in the sample is no string/,
    create(({ operation }) => {
      field(operation.outputFields, 'email').required = true;
      Object.assign(operation.sample ?? {}, { email: null });
    }),
  ),
  broken(
    'D024',
    'a text in a sample of line items',
    /create_opportunity.items\[\]price: "5" in the sample is no number/,
    create(({ operation }) =>
      Object.assign(operation.sample ?? {}, { items: [{ name: 'Hosting', price: '5' }] }),
    ),
  ),
  broken(
    'D025',
    'an address that runs code',
    /could run code/,
    create(({ operation }) => Object.assign(operation.sample ?? {}, { url: 'javascript:alert(1)' })),
  ),
  broken(
    'sample',
    'an output that the sample has not',
    /its output "owner" is not in the sample/,
    create(({ operation }) => operation.outputFields.push({ key: 'owner', label: 'Owner' })),
  ),
  broken(
    'sample',
    'a sample that shows more than is described',
    /"items\[\]tax" of its sample is not among the output fields/,
    create(({ operation }) =>
      Object.assign(operation.sample ?? {}, { items: [{ name: 'Hosting', price: 5, tax: 1 }] }),
    ),
  ),
  broken(
    'secret',
    'a sample with a token',
    /looks like a credential/,
    create(({ operation }) => Object.assign(operation.sample ?? {}, { name: 'pit-0b1e22f4-aaaa' })),
  ),
  broken(
    'secret',
    'a sample with somebody’s email',
    /sam@gmail.com may be someone’s/,
    create(({ operation }) => Object.assign(operation.sample ?? {}, { email: 'sam@gmail.com' })),
  ),
  broken(
    'secret',
    'a sample with somebody’s telephone',
    /may be someone’s telephone/,
    create(({ operation }) => Object.assign(operation.sample ?? {}, { phone: '+12025551234' })),
  ),
];
