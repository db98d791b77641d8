import { createLazyRoute } from '@tanstack/react-router';
import { WirePage } from './WirePage.tsx';

export const route = createLazyRoute('/wire')({ component: WirePage });
