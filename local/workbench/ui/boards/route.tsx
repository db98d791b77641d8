import { createLazyRoute } from '@tanstack/react-router';
import { BoardPage } from './BoardPage.tsx';

export const route = createLazyRoute('/highlevel')({ component: BoardPage });
