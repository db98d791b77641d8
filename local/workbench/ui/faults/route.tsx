import { createLazyRoute } from '@tanstack/react-router';
import { FaultsPage } from './FaultsPage.tsx';

export const route = createLazyRoute('/faults')({ component: FaultsPage });
