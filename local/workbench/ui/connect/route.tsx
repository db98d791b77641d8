import { createLazyRoute } from '@tanstack/react-router';
import { ConnectPage } from './ConnectPage.tsx';

export const route = createLazyRoute('/connect')({ component: ConnectPage });
