import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { NotFound, PageFailed } from './frame/not-found.tsx'
import { Shell } from './frame/shell.tsx'
import { isFirstVisit } from './platform/first-visit.ts'

const root = createRootRoute({ component: Shell })
/** Search words of an address are text by name; each page reads its own. */
const validateSearch = (search: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(search).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])))
const page = <P extends string>(path: P, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => root, path, component, validateSearch })

const routes = [
  createRoute({
    getParentRoute: () => root,
    path: '/',
    async beforeLoad() {
      throw redirect({ to: (await isFirstVisit()) ? '/welcome' : '/sessions', replace: true })
    },
  }),
  page(
    '/inbox',
    lazyRouteComponent(() => import('./pages/inbox/page.tsx'), 'InboxPage'),
  ),
  page(
    '/sessions',
    lazyRouteComponent(() => import('./pages/sessions/page.tsx'), 'SessionsPage'),
  ),
  page(
    '/sessions/$sessionId',
    lazyRouteComponent(() => import('./pages/conversation/page.tsx'), 'ConversationPage'),
  ),
  page(
    '/plan',
    lazyRouteComponent(() => import('./pages/plan/page.tsx'), 'PlanPage'),
  ),
  page(
    '/workflows',
    lazyRouteComponent(() => import('./pages/workflows/page.tsx'), 'WorkflowsPage'),
  ),
  page(
    '/workflows/$workflowId',
    lazyRouteComponent(() => import('./pages/workflows/workflow-page.tsx'), 'WorkflowPage'),
  ),
  page(
    '/tasks',
    lazyRouteComponent(() => import('./pages/tasks/page.tsx'), 'TasksPage'),
  ),
  page(
    '/tasks/$taskId',
    lazyRouteComponent(() => import('./pages/tasks/task-page.tsx'), 'TaskPage'),
  ),
  page(
    '/tools',
    lazyRouteComponent(() => import('./pages/tools/page.tsx'), 'ToolsPage'),
  ),
  page(
    '/tools/$appId',
    lazyRouteComponent(() => import('./pages/tools/app-page.tsx'), 'AppPage'),
  ),
  page(
    '/memory',
    lazyRouteComponent(() => import('./pages/memory/page.tsx'), 'MemoryPage'),
  ),
  page(
    '/history',
    lazyRouteComponent(() => import('./pages/history/page.tsx'), 'HistoryPage'),
  ),
  page(
    '/history/$executionId',
    lazyRouteComponent(() => import('./pages/history/execution-page.tsx'), 'ExecutionPage'),
  ),
  page(
    '/audit',
    lazyRouteComponent(() => import('./pages/history/audit-page.tsx'), 'AuditPage'),
  ),
  page(
    '/usage',
    lazyRouteComponent(() => import('./pages/usage/page.tsx'), 'UsagePage'),
  ),
  page(
    '/logs',
    lazyRouteComponent(() => import('./pages/logs/page.tsx'), 'LogsPage'),
  ),
  page(
    '/settings',
    lazyRouteComponent(() => import('./pages/settings/page.tsx'), 'SettingsPage'),
  ),
  page(
    '/settings/$section',
    lazyRouteComponent(() => import('./pages/settings/page.tsx'), 'SettingsPage'),
  ),
  page(
    '/welcome',
    lazyRouteComponent(() => import('./pages/welcome/page.tsx'), 'WelcomePage'),
  ),
  page(
    '/authorized',
    lazyRouteComponent(() => import('./pages/tools/authorized-page.tsx'), 'AuthorizedPage'),
  ),
  page(
    '/parts',
    lazyRouteComponent(() => import('./pages/parts/page.tsx'), 'PartsPage'),
  ),
]
export const router = createRouter({
  routeTree: root.addChildren(routes),
  basepath: '/app',
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: PageFailed,
  defaultPreload: 'intent',
  scrollRestoration: true,
})
declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
