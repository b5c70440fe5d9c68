import { Fault } from '@steward/contract'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { LoggedOut } from './frame/logged-out.tsx'
import { Toasts } from './parts/toast.tsx'
import { takeAuthorization } from './platform/authorization.ts'
import { call } from './platform/daemon.ts'
import { keepShell } from './platform/keep-shell.ts'
import { follow } from './platform/live.ts'
import { known } from './platform/operations.ts'
import { allowOwnScripts } from './platform/own-scripts.ts'
import { logIn } from './platform/login.ts'
import { showTheme } from './platform/theme.ts'
import { router } from './router.tsx'
import './style.css'

allowOwnScripts()
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
/** A daemon that takes longer to say who we are does not hold up the frame. */
const patienceMs = 200

let isLoggedOut = false
void follow(queries, new AbortController().signal).catch(showFault)
const who = call('tokens.whoami', {})
  .then((answer) => known(queries, 'tokens.whoami', {}, answer))
  .catch(showFault)
await Promise.race([who, new Promise((resolve) => setTimeout(resolve, patienceMs))])
if (!isLoggedOut) showConsole()
void keepShell()

function showConsole(): void {
  root.render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Toasts>
          <RouterProvider router={router} />
        </Toasts>
      </QueryClientProvider>
    </StrictMode>,
  )
}
/** A login that has ended, or that never was. What else a call can meet is shown where it is asked; anything but a Fault is one of the program, for the browser's console. */
function showFault(error: unknown): void {
  if (!(error instanceof Fault)) throw error
  if (error.code !== 'unauthenticated') return
  isLoggedOut = true
  root.render(<LoggedOut refused={login.state === 'refused' ? login.why : undefined} />)
}
