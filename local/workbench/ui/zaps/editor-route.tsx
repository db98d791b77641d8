import { createLazyRoute } from '@tanstack/react-router';
import { EditorPage } from './EditorPage.tsx';

export const route = createLazyRoute('/zaps/$zap')({ component: EditorPage });
