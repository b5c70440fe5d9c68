import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { oneLine } from '../parts/signs.ts'
import { listen } from '../platform/live.ts'
import { canNotify, holdLock, isHeld, isNotifying } from '../platform/notify.ts'
import { inbox as words } from '../text/inbox.ts'
import { asked, type Asked } from './asked.ts'

const [oneNotifies, hasFocus] = ['steward.notify', 'steward.focus']

/** While a window of the console has the focus, its person sees what waits by the badge. */
function useFocusLock(): void {
  useEffect(() => {
    if (!canNotify()) return
    let holding: AbortController | undefined
    const look = () => {
      if (document.hasFocus() === (holding !== undefined)) return
      holding?.abort()
      holding = document.hasFocus() ? new AbortController() : undefined
      if (holding) void holdLock(hasFocus, 'shared', holding.signal)
    }
    look()
    addEventListener('focus', look)
    addEventListener('blur', look)
    return () => {
      removeEventListener('focus', look)
      removeEventListener('blur', look)
      holding?.abort()
    }
  }, [])
}
/** Notifies of what begins to wait, from one window of many, while none of them has the focus. A click leads to its card. */
export function useNotifications(): void {
  const navigate = useNavigate()
  useFocusLock()
  useEffect(() => {
    if (!canNotify()) return
    const over = new AbortController()
    const shown = new Map<string, Notification>()
    const show = async ({ id, title, body }: Asked) => {
      if (!isNotifying() || (await isHeld(hasFocus)) || over.signal.aborted) return
      const notification = new Notification(title ?? words.notifyQuestion, { body: oneLine(body).slice(0, 300), tag: id })
      shown.set(id, notification)
      notification.addEventListener('click', () => {
        window.focus()
        notification.close()
        void navigate({ to: '/inbox', search: { at: id } })
      })
    }
    void holdLock(oneNotifies, 'exclusive', over.signal, () => {
      const stop = listen((item) => {
        const found = asked(item)
        if (found === undefined) return
        if ('settled' in found) shown.get(found.settled)?.close()
        else void show(found)
      })
      over.signal.addEventListener('abort', stop, { once: true })
    })
    return () => over.abort()
  }, [navigate])
}
