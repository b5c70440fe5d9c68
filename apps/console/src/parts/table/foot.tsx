import { common } from '../../text/common.ts'
import { parts as words } from '../../text/parts.ts'
import { Button } from '../button.tsx'

export interface TableFootProps {
  readonly rows: number
  readonly hasMore: boolean
  readonly isMore: boolean
  readonly more: (() => void) | undefined
  readonly isSorted: boolean
}
/** Below the last row: a way to the next page for those who do not scroll. Nothing when all is there. */
export function TableFoot({ rows, hasMore, isMore, more, isSorted }: TableFootProps) {
  if (!hasMore && !isMore) return null
  return (
    <div className="flex min-h-10 flex-wrap items-center gap-3 px-2 py-1 text-xs text-muted">
      <Button size="sm" busy={isMore} onClick={more}>
        {isMore ? common.loading : common.more}
      </Button>
      <span>{words.rowsLoaded(rows)}</span>
      {isSorted && hasMore && <span>{words.sortedLoaded}</span>}
    </div>
  )
}
