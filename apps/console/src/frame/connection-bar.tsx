import { useEffect, useState } from 'react'
import { useConnection } from '../platform/use-connection.ts'
import { text } from '../text/index.ts'

/** A loss shorter than this is nobody's business. */
const patienceMs = 700

/** A thin bar that says since when the daemon cannot be reached, counts down to the next try, and goes by itself. */
export function ConnectionBar() {
  const connection = useConnection()
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (connection.connected) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [connection])
  if (connection.connected || now - connection.since < patienceMs) return <div role="status" className="sr-only" />
  const since = new Date(connection.since).toLocaleTimeString()
  return (
    <div role="status" className="flex flex-wrap gap-x-2 border-b border-warn bg-warn-soft px-4 py-1 text-ink">
      <span>{text.frame.offline(since)}</span>
      <span aria-live="off">{text.frame.nextTry(Math.ceil((connection.nextTryAt - now) / 1000))}</span>
    </div>
  )
}
