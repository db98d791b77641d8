/** What Zapier shows of the integration beside its operations, held to its rules M001 to M004. [docs] */

import { readFileSync } from 'node:fs';

const folder = new URL('../../../tools/release/listing/', import.meta.url);
const listing = JSON.parse(readFileSync(new URL('listing.json', folder), 'utf8')) as Record<string, string>;

describe('the listing', () => {
  it('has a description that says what it is, in 40 to 140 characters, without naming Zapier', () => {
    expect(listing.description).toMatch(new RegExp(`^${listing.title} is an? .*\\.$`));
    expect(listing.description?.length).toBeGreaterThanOrEqual(40);
    expect(listing.description?.length).toBeLessThanOrEqual(140);
    expect(listing.description).not.toMatch(/zapier/i);
  });

  it('answers every question that registering asks', () => {
    expect(listing).toMatchObject({
      audience: 'private',
      category: 'crm',
      role: expect.stringMatching(/\w/),
    });
  });

  it('has a logo that is a square PNG with transparency, 256 pixels or more', () => {
    const png = readFileSync(new URL('logo.png', folder));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
    expect(width).toBe(height);
    expect(width).toBeGreaterThanOrEqual(256);
    const RGBA = 6;
    expect(png[25]).toBe(RGBA);
  });

  it('has the drawing that the logo was made from', () => {
    expect(readFileSync(new URL('logo.svg', folder), 'utf8')).toMatch(/^<svg [^>]*viewBox="0 0 512 512"/);
  });
});
