import { createLazyRoute } from '@tanstack/react-router';
import { RelayPage } from './RelayPage.tsx';

export const route = createLazyRoute('/wire/relay')({ component: RelayPage });
