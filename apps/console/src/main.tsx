import { Fault } from '@steward/contract'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { LoggedOut } from './frame/logged-out.tsx'
import { Toasts } from './parts/toast.tsx'
import { takeAuthorization } from './platform/authorization.ts'
import { call } from './platform/daemon.ts'
import { follow } from './platform/live.ts'
import { known } from './platform/operations.ts'
import { logIn } from './platform/login.ts'
import { showTheme } from './platform/theme.ts'
import { router } from './router.tsx'
import './style.css'

showTheme()
takeAuthorization()
const root = createRoot(document.getElementById('root') as HTMLElement)
const queries = new QueryClient({
  defaultOptions: {
    // The live stream says what is stale, and the sender asks again by itself.
    queries: { staleTime: Infinity, gcTime: 300_000, retry: false, refetchOnWindowFocus: false, refetchOnReconnect: false, networkMode: 'always' },
    mutations: { retry: false, networkMode: 'always' },
  },
})
const login = await logIn()
try {
  known(queries, 'tokens.whoami', {}, await call('tokens.whoami', {}))
  void follow(queries, new AbortController().signal).catch(showFault)
  root.render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Toasts>
          <RouterProvider router={router} />
        </Toasts>
      </QueryClientProvider>
    </StrictMode>,
  )
} catch (error) {
  showFault(error)
}
/** A login that has ended, or that never was. Anything else is a fault of the program: it is thrown, so that the browser's console has it. */
function showFault(error: unknown): void {
  if (!(error instanceof Fault) || error.code !== 'unauthenticated') throw error
  root.render(<LoggedOut refused={login.state === 'refused' ? login.why : undefined} />)
}
