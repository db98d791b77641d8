import { createLazyRoute } from '@tanstack/react-router';
import { RunPage } from './RunPage.tsx';

export const route = createLazyRoute('/runs/$run')({ component: RunPage });
