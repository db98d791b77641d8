import { afterAll } from '@jest/globals';
import nock from 'nock';

// A test that reaches beyond this machine tests the weather. The sandbox on loopback is the one open door.
nock.disableNetConnect();
nock.enableNetConnect(/^(127\.0\.0\.1|localhost):\d+$/);

// Node's http outlives a test file's own copy of nock; the next file puts its own in place.
afterAll(() => nock.restore());
