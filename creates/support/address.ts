/** The address of a contact, for the steps that save one. */

import type { ZObject } from 'zapier-platform-core';
import { readCountry } from '../../fields/inputs/read-country.ts';
import { optionalText } from '../../fields/inputs/read-text.ts';
import type { ContactChange } from '../../highlevel/contacts/writes.ts';
import { LABELS } from '../../highlevel/http/labels.ts';

/** @param place the group that the fields stand in, where they do */
export function addressInputs(place: { group?: string } = {}) {
  const text = <K extends string, L extends string>(key: K, label: L) =>
    ({ key, label, type: 'string', required: false, ...place }) as const;
  return [
    text('address', LABELS.address1),
    text('city', LABELS.city),
    text('state', LABELS.state),
    text('postal_code', LABELS.postalCode),
    { ...text('country', LABELS.country), helpText: 'The two letters of the country, for example `US`.' },
  ] as const;
}

interface AddressInput {
  address?: unknown;
  city?: unknown;
  state?: unknown;
  postal_code?: unknown;
  country?: unknown;
}

/** @throws HaltedError for a country that is none */
export function readAddress(
  z: ZObject,
  input: AddressInput,
): Pick<ContactChange, 'address1' | 'city' | 'state' | 'postalCode' | 'country'> {
  return {
    address1: optionalText(z, LABELS.address1, input.address),
    city: optionalText(z, LABELS.city, input.city),
    state: optionalText(z, LABELS.state, input.state),
    postalCode: optionalText(z, LABELS.postalCode, input.postal_code),
    country: readCountry(z, LABELS.country, input.country),
  };
}
