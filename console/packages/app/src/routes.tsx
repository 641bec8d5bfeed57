import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { readSearch } from './pages/execution/selection';
import { readFilter } from './pages/executions/filter';
import { readApprovals, readCost, readEditor, readMapRuns, readPeriod, readPlay, readTest, readWorkflow, readWorkflows } from './searches';
import { NotFound } from './shell/NotFound';
import { Shell } from './shell/Shell';

const root = createRootRoute({ component: Shell });
const at = () => root;

/** One page a line: its address, what its address may hold, and the file that draws it when one goes there. */
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
    validateSearch: readWorkflows,
    component: lazyRouteComponent(() => import('./pages/workflows/WorkflowsPage'), 'WorkflowsPage'),
  }),
  createRoute({
    getParentRoute: at,
    path: '/workflows/$name',
    validateSearch: readWorkflow,
    component: lazyRouteComponent(() => import('./pages/workflow/WorkflowPage'), 'WorkflowPage'),
  }),
  createRoute({
    getParentRoute: at,
    path: '/workflows/$name/edit',
    validateSearch: readEditor,
    component: lazyRouteComponent(() => import('./pages/editor/EditorPage'), 'EditorPage'),
  }),
  createRoute({
    getParentRoute: at,
    path: '/new',
    validateSearch: readEditor,
    component: lazyRouteComponent(() => import('./pages/editor/EditorPage'), 'NewPage'),
  }),
  createRoute({
    getParentRoute: at,
    path: '/approvals',
    validateSearch: readApprovals,
    component: lazyRouteComponent(() => import('./pages/approvals/ApprovalsPage'), 'ApprovalsPage'),
  }),
  createRoute({
    getParentRoute: at,
    path: '/approvals/$id',
    validateSearch: readApprovals,
    component: lazyRouteComponent(() => import('./pages/approvals/ApprovalsPage'), 'ApprovalPage'),
  }),
  createRoute({
    getParentRoute: at,
    path: '/activities',
    component: lazyRouteComponent(() => import('./pages/activities/ActivitiesPage'), 'ActivitiesPage'),
  }),
  createRoute({
    getParentRoute: at,
    path: '/cost',
    validateSearch: readCost,
    component: lazyRouteComponent(() => import('./pages/cost/CostPage'), 'CostPage'),
  }),
  createRoute({
    getParentRoute: at,
    path: '/failures',
    validateSearch: readPeriod,
    component: lazyRouteComponent(() => import('./pages/failures/FailuresPage'), 'FailuresPage'),
  }),
  createRoute({
    getParentRoute: at,
    path: '/map-runs',
    validateSearch: readMapRuns,
    component: lazyRouteComponent(() => import('./pages/map-run/MapRunsPage'), 'MapRunsPage'),
  }),
  createRoute({
    getParentRoute: at,
    path: '/map-runs/$arn',
    validateSearch: readMapRuns,
    component: lazyRouteComponent(() => import('./pages/map-run/MapRunPage'), 'MapRunPage'),
  }),
  createRoute({
    getParentRoute: at,
    path: '/play',
    validateSearch: readPlay,
    component: lazyRouteComponent(() => import('./pages/play/PlayPage'), 'PlayPage'),
  }),
  createRoute({
    getParentRoute: at,
    path: '/test',
    validateSearch: readTest,
    component: lazyRouteComponent(() => import('./pages/test/TestPage'), 'TestPage'),
  }),
  createRoute({
    getParentRoute: at,
    path: '/settings',
    component: lazyRouteComponent(() => import('./pages/settings/SettingsPage'), 'SettingsPage'),
  }),
];

export const router = createRouter({
  routeTree: root.addChildren(pages),
  basepath: '/console',
  defaultPreload: 'intent',
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
