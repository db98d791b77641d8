import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './styles/index.css';
import { followChanges, queryClient } from './api.ts';
import { router } from './router.tsx';
import { applyTheme } from './shell/theme.ts';

applyTheme();
followChanges();

const root = document.getElementById('root');
if (!root) throw new Error('The page has no place for the workbench.');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
