import { createLazyRoute } from '@tanstack/react-router';
import { ZapsPage } from './ZapsPage.tsx';

export const route = createLazyRoute('/zaps')({ component: ZapsPage });
