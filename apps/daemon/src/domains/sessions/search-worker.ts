import { parentPort, workerData } from 'node:worker_threads'
import { Fault } from '@steward/contract'
import { openReadOnly, storageFault } from '../../platform/storage/database.ts'
import { createSearchQueries, type Found } from './search-query-store.ts'

export interface SearchRequest {
  readonly id: number
  readonly query: string
  readonly limit: number
  readonly offset: number
}
export type SearchReply = { readonly id: number } & (
  | { readonly found: readonly Found[] }
  | { readonly unavailable: string }
  | { readonly broken: string }
)

/** The thread that searches: a connection of its own that can only read. It ends when it is told `end`. */
const port = parentPort
if (port) {
  const db = openReadOnly(workerData as string)
  const queries = createSearchQueries(db)
  const answer = ({ id, query, limit, offset }: SearchRequest): SearchReply => {
    try {
      return { id, found: queries.search(query, limit, offset) }
    } catch (error) {
      const fault = storageFault(error)
      if (fault instanceof Fault) return { id, unavailable: fault.message }
      return { id, broken: error instanceof Error ? (error.stack ?? error.message) : String(error) }
    }
  }
  port.on('message', (request: SearchRequest | 'end') => {
    if (request !== 'end') return port.postMessage(answer(request))
    db.close()
    port.close()
  })
}
