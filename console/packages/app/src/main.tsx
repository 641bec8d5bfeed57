import { ApiError } from '@passo/api';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { router } from './routes';
import { paint } from './shell/theme';
import './styles/base.css';
import './styles/graph.css';
import './styles/workbench.css';
import './styles/pages.css';
import './styles/editor.css';
import './styles/build.css';
import './styles/see.css';
import './styles/decide.css';
import { TextProvider } from './text';

paint();

/** What can be tried again is: a server that starts, or is restarted. */
const mayRetry = (failures: number, error: Error) =>
  failures < 3 && error instanceof ApiError && (error.status === 0 || error.status >= 500);

const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: mayRetry, staleTime: 1000, refetchOnWindowFocus: true, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
});

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <TextProvider>
          <RouterProvider router={router} />
        </TextProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
