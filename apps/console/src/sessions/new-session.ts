import { useNavigate } from '@tanstack/react-router'
import { sayFault } from '../parts/toast.tsx'
import { call } from '../platform/daemon.ts'

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
