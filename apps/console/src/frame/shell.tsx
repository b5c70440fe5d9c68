import { Outlet } from '@tanstack/react-router'
import { useState } from 'react'
import { text } from '../text/index.ts'
import { ConnectionBar } from './connection-bar.tsx'
import { Navigation, ThumbBar } from './navigation.tsx'
import { Overlays } from './overlays.tsx'
import { useGoKeys } from './use-go-keys.ts'
import { useDocumentTitle, useFocusOnNavigation } from './use-heading.ts'
import { useNotifications } from './use-notifications.ts'
import { useWaiting } from './waiting.ts'

/** What is around every page. */
export function Shell() {
  const [isFinding, setFinding] = useState(false)
  const waiting = useWaiting()
  useDocumentTitle(waiting)
  useFocusOnNavigation()
  useGoKeys()
  useNotifications()
  return (
    <div className="flex h-dvh flex-col">
      <a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-raised focus:p-2">
        {text.frame.skip}
      </a>
      <ConnectionBar />
      <div className="flex min-h-0 flex-1">
        <Navigation waiting={waiting} onFind={() => setFinding(true)} />
        <main id="content" tabIndex={-1} className="min-w-0 flex-1 outline-none">
          <Outlet />
        </main>
      </div>
      <ThumbBar waiting={waiting} onFind={() => setFinding(true)} />
      <Overlays isFinding={isFinding} onFinding={setFinding} />
    </div>
  )
}
