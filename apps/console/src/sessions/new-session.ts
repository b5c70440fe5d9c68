import { useNavigate, useRouter } from '@tanstack/react-router'
import { focusArea, newDraft } from '../composer/areas.ts'
import { sayFault } from '../parts/toast.tsx'
import { call } from '../platform/daemon.ts'

/** Goes to where a session is started, with the cursor in its text. */
export function useToNewSession() {
  const router = useRouter()
  return (): void => {
    focusArea(newDraft)
    if (router.state.location.pathname !== '/sessions') void router.navigate({ to: '/sessions' })
  }
}
/** Opens a session, sends its first message if there is one, and goes there. */
export function useNewSession() {
  const navigate = useNavigate()
  return async (first?: { readonly title: string; readonly text: string }): Promise<void> => {
    try {
      const { id: sessionId } = await call('sessions.create', first === undefined ? {} : { title: first.title })
      if (first !== undefined) await call('messages.send', { sessionId, text: first.text })
      await navigate({ to: '/sessions/$sessionId', params: { sessionId } })
    } catch (error) {
      sayFault(error)
    }
  }
}
