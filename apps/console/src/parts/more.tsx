import { text } from '../text/index.ts'
import { Button } from './button.tsx'

/** Reads the next page of a list, where there is one. */
export function More({
  list: { hasMore, isMore, more },
}: {
  readonly list: { readonly hasMore: boolean; readonly isMore: boolean; readonly more: () => void }
}) {
  if (!hasMore) return null
  return (
    <Button className="self-start" busy={isMore} onClick={more}>
      {text.common.more}
    </Button>
  )
}
