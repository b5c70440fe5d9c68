import { useNavigate, useSearch } from '@tanstack/react-router'
import { useSyncExternalStore } from 'react'
import { belowLarge, useMedia } from '../parts/use-media.ts'

const kept = 'steward.inspector'
const watchers = new Set<() => void>()
const isHidden = () => localStorage.getItem(kept) === 'hidden'

export interface InspectorState {
  readonly isOpen: boolean
  /** There is no room beside the conversation: it is a sheet above it. */
  readonly isSheet: boolean
  toggle(): void
}
/** Whether the inspector is shown. Beside the conversation it is as it was left in this browser; as a sheet it is part of the address, so that back closes it. */
export function useInspector(): InspectorState {
  const isSheet = useMedia(belowLarge)
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as Readonly<Record<string, string | undefined>>
  const hidden = useSyncExternalStore((watcher) => {
    watchers.add(watcher)
    return () => void watchers.delete(watcher)
  }, isHidden)
  const isShown = search['inspector'] !== undefined
  return {
    isSheet,
    isOpen: isSheet ? isShown : !hidden,
    toggle() {
      if (isSheet) {
        const { inspector: _shown, ...rest } = search
        void navigate({ to: '.', search: isShown ? rest : { ...rest, inspector: 'open' }, hash: true })
      } else {
        if (hidden) localStorage.removeItem(kept)
        else localStorage.setItem(kept, 'hidden')
        for (const watcher of watchers) watcher()
      }
    },
  }
}
