import { createLazyRoute } from '@tanstack/react-router';
import { RunsPage } from './RunsPage.tsx';

export const route = createLazyRoute('/runs')({ component: RunsPage });
