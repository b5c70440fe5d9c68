import type { Message } from '@steward/contract/daemon'
import { createContext, lazy, Suspense, use, useState, type ReactNode } from 'react'
import type { Wanted } from './rewind-dialog.tsx'

const RewindDialog = lazy(async () => ({ default: (await import('./rewind-dialog.tsx')).RewindDialog }))
const RewindContext = createContext<(wanted: Wanted) => void>(() => undefined)
/** Asks whether to rewind, and does it. */
export const useRewind = () => use(RewindContext)

export interface RewindProps {
  /** Gets the words of a message that is to be written anew. */
  readonly onEdit: (message: Message) => void
  readonly children: ReactNode
}
/** Rewinding cannot be undone: it asks, and says what goes. */
export function RewindProvider({ onEdit, children }: RewindProps) {
  const [wanted, setWanted] = useState<Wanted>()
  return (
    <RewindContext value={setWanted}>
      {children}
      <Suspense fallback={null}>
        {wanted !== undefined && <RewindDialog wanted={wanted} onEdit={onEdit} onClose={() => setWanted(undefined)} />}
      </Suspense>
    </RewindContext>
  )
}
