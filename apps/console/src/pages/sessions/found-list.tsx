import { Link } from '@tanstack/react-router'
import { Button } from '../../parts/button.tsx'
import { Time } from '../../parts/facts.tsx'
import { Empty, Failed, Loading } from '../../parts/notes.tsx'
import { oneLine } from '../../parts/signs.ts'
import { useList } from '../../platform/operations.ts'
import { useLeaving } from '../../sessions/leaving.ts'
import { SessionTitle } from '../../sessions/session-title.tsx'
import { common } from '../../text/common.ts'
import { sessions as words } from '../../text/sessions.ts'
import { stretches } from './excerpt.ts'

/** What a search finds in titles and messages, best first; each leads to its message. */
export function FoundList({ query }: { readonly query: string }) {
  const found = useList('sessions.search', { query, limit: 50 })
  const leaving = useLeaving()
  if (found.error !== null) return <Failed error={found.error} />
  if (found.isPending) return <Loading />
  if (found.items.length === 0) return <Empty title={words.foundNothing(query)}>{words.foundNothingAbout}</Empty>
  return (
    <>
      <ul aria-label={words.found} className="flex flex-col">
        {found.items
          .filter(({ sessionId }) => !leaving.has(sessionId))
          .map(({ sessionId, messageId, title, excerpt, at }) => (
            <li key={`${sessionId} ${messageId}`} className="border-b">
              <Link
                to="/sessions/$sessionId"
                params={{ sessionId }}
                {...(messageId === null ? {} : { hash: messageId })}
                className="flex flex-col gap-0.5 rounded-sm px-2 py-2 hover:bg-panel"
              >
                <span className="flex min-w-0 gap-3">
                  <span className="flex min-w-0 flex-1 font-bold">
                    <SessionTitle title={title} />
                  </span>
                  <Time at={at} />
                </span>
                {messageId !== null && (
                  <bdi className="line-clamp-2 text-muted">
                    {stretches(oneLine(excerpt)).map(({ text, hit }, index) =>
                      hit ? (
                        <mark key={index} className="rounded-sm bg-warn-soft text-ink">
                          {text}
                        </mark>
                      ) : (
                        text
                      ),
                    )}
                  </bdi>
                )}
              </Link>
            </li>
          ))}
      </ul>
      {found.hasMore && (
        <Button busy={found.isMore} onClick={found.more}>
          {common.more}
        </Button>
      )}
    </>
  )
}
