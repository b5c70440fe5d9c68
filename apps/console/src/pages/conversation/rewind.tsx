import { createContext, Suspense, use, useState, type ReactNode } from 'react'
import { late } from '../../parts/late.ts'
import type { OnEdit, Wanted } from './rewind-wanted.ts'

const RewindDialog = late(async () => (await import('./rewind-dialog.tsx')).RewindDialog)
const RewindContext = createContext<(wanted: Wanted) => void>(() => undefined)
/** Asks whether to rewind, and does it. */
export const useRewind = () => use(RewindContext)

interface RewindProps {
  readonly onEdit: OnEdit
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
