import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { readSearch } from './pages/execution/selection';
import { readFilter } from './pages/executions/filter';
import { Shell } from './shell/Shell';

const root = createRootRoute({ component: Shell });
const at = () => root;

/** One page a line: its address, and the file that draws it when one goes there. */
const pages = [
  createRoute({ getParentRoute: at, path: '/', component: lazyRouteComponent(() => import('./pages/home/HomePage'), 'HomePage') }),
  createRoute({
    getParentRoute: at,
    path: '/executions',
    validateSearch: readFilter,
    component: lazyRouteComponent(() => import('./pages/executions/ExecutionsPage'), 'ExecutionsPage'),
  }),
  createRoute({
    getParentRoute: at,
    path: '/executions/$arn',
    validateSearch: readSearch,
    component: lazyRouteComponent(() => import('./pages/execution/ExecutionPage'), 'ExecutionPage'),
  }),
  createRoute({
    getParentRoute: at,
    path: '/workflows',
    component: lazyRouteComponent(() => import('./pages/workflows/WorkflowsPage'), 'WorkflowsPage'),
  }),
];

export const router = createRouter({
  routeTree: root.addChildren(pages),
  basepath: '/console',
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
