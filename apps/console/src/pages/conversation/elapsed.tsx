import { useEffect, useState } from 'react'
import { Duration } from '../../parts/facts.tsx'

/** How long something has been going on. */
export function Elapsed({ since }: { readonly since: string }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  const ms = now - Date.parse(since)
  return ms < 1_000 ? null : <Duration ms={Math.floor(ms / 1_000) * 1_000} />
}
