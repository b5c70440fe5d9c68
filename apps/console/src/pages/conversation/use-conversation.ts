import { createContext, use, useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import { sayFault } from '../../parts/toast.tsx'
import { call } from '../../platform/daemon.ts'
import { listen } from '../../platform/live.ts'
import { createConversation, type Conversation, type Watched } from './store.ts'
import { createSync, type Sync } from './sync.ts'

/** What the rows of a conversation read from. */
export interface Talk {
  readonly store: Conversation
  readonly sync: Sync
  /** What a person has opened or closed, by key. */
  readonly opened: Map<string, boolean>
}
const TalkContext = createContext<Talk | null>(null)
export const TalkProvider = TalkContext.Provider
/** The conversation that this stands in. */
export function useTalk(): Talk {
  const talk = use(TalkContext)
  if (talk === null) throw new TypeError('A row of a conversation stands outside of one.')
  return talk
}
/** Words come at the second frame of a screen of 60 a second: nobody reads faster, and drawing them takes half of the work. A page that is not seen has no frames. */
const apartMs = 30
let lastAt = -Infinity
function soon(deed: () => void): void {
  const atFrame = (now: number) => {
    if (now - lastAt < apartMs) return void requestAnimationFrame(atFrame)
    lastAt = now
    deed()
  }
  if (document.hidden) setTimeout(deed, 100)
  else requestAnimationFrame(atFrame)
}

export interface Opened {
  readonly talk: Talk | null
  readonly state: 'opening' | 'open' | 'failed'
  readonly error: unknown
  again(): void
}
/** Opens a session's conversation at its end, or at a message, and keeps it current until the page is left. */
export function useConversation(sessionId: string, messageId: string | undefined): Opened {
  const [opened, setOpened] = useState<Omit<Opened, 'again'>>({ talk: null, state: 'opening', error: null })
  const [attempt, setAttempt] = useState(0)
  // Where the page was opened; later changes of the address move within it.
  const [first] = useState(messageId)
  useEffect(() => {
    let isGone = false
    const store = createConversation(sessionId, { soon, onGap: () => void sync.again().catch(sayFault) })
    const sync = createSync(store, { call, listen }, sayFault)
    setOpened({ talk: null, state: 'opening', error: null })
    sync.open(first).then(
      () => isGone || setOpened({ talk: { store, sync, opened: new Map() }, state: 'open', error: null }),
      (error: unknown) => isGone || setOpened({ talk: null, state: 'failed', error }),
    )
    return () => {
      isGone = true
      sync.close()
    }
  }, [sessionId, first, attempt])
  return { ...opened, again: () => setAttempt(attempt + 1) }
}
/** What a part of the conversation is now; draws again when it changes. */
export function useWatched<T>(what: Watched, read: (store: Conversation) => T): T {
  const { store } = useTalk()
  const watch = useCallback((watcher: () => void) => store.watch(what, watcher), [store, what])
  return useSyncExternalStore(watch, () => read(store))
}
