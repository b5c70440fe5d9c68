import { Outlet } from '@tanstack/react-router'
import { text } from '../text/index.ts'
import { ConnectionBar } from './connection-bar.tsx'
import { Navigation, ThumbBar } from './navigation.tsx'

/** What is around every page. */
export function Shell() {
  return (
    <div className="flex h-dvh flex-col">
      <a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-raised focus:p-2">
        {text.frame.skip}
      </a>
      <ConnectionBar />
      <div className="flex min-h-0 flex-1">
        <Navigation />
        <main id="content" tabIndex={-1} className="min-w-0 flex-1 outline-none">
          <Outlet />
        </main>
      </div>
      <ThumbBar />
    </div>
  )
}
