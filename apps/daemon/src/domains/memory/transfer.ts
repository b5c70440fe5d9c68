import { setImmediate as turn } from 'node:timers/promises'
import { Fault } from '@steward/contract'
import { MemoryKind } from '@steward/contract/daemon'
import type { MemoryHandlers } from './context.ts'
import type { Keep, NewMemory } from './keep.ts'
import { fromMarkdown, toMarkdown } from './markdown.ts'
import { toMemory, type MemoryFilter, type MemoryStore } from './store.ts'

const mostBytes = 16 * 1024 * 1024
const pageSize = 50
/** So many characters are saved in one commit: about 20 ms of work. */
const sliceLength = 60_000

/** Reads an uploaded body as UTF-8 text of at most 16 MiB. Throws Fault `invalid` or `too_large`. */
async function textOf(body: AsyncIterable<Uint8Array> | undefined): Promise<string> {
  if (!body) throw new Fault('invalid', 'Send the Markdown as the body, or as the part `file` of a form.')
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > mostBytes) throw new Fault('too_large', 'A file of memories has at most 16 MiB.')
    chunks.push(chunk)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks))
  } catch (error) {
    throw new Fault('invalid', 'The file is not UTF-8 text.', undefined, { cause: error })
  }
}
interface TransferParts {
  readonly store: MemoryStore
  readonly keep: Keep
  filterOf(input: Parameters<MemoryHandlers['memory.export']>[1]): MemoryFilter
  /** Throws Fault `unprocessable` where an agent or a session is not there. */
  check(scope: { readonly agentId: string | null; readonly sessionId: string | null }): void
}
/** Memories as Markdown, out page by page and in in slices. */
export function createTransfer({ store, keep, filterOf, check }: TransferParts) {
  async function* pages(filter: MemoryFilter): AsyncGenerator<Uint8Array> {
    const encoder = new TextEncoder()
    for (let before = Number.MAX_SAFE_INTEGER; ; await turn()) {
      const page = store.list(filter, before, pageSize)
      if (page.length > 0) yield encoder.encode(toMarkdown(page.map(toMemory)))
      const last = page.at(-1)
      if (page.length < pageSize || !last) return
      before = last.seq
    }
  }
  return {
    async 'memory.export'({ attach }, input) {
      const filter = filterOf(input)
      attach((range) => {
        if (range) throw new Fault('invalid', 'An export cannot be read in ranges.')
        return pages(filter)
      })
      return { name: 'memory.md', mediaType: 'text/markdown', size: null }
    },
    /** All entries are read and checked before the first is saved. Saved are the oldest first, so that lists have them in the order of the file. */
    async 'memory.import'({ body, commit, keep: keepAnswer }, { agentId = null, sessionId = null, global, name }) {
      const here = agentId !== null || sessionId !== null
      if (here && global) throw new Fault('invalid', 'Give either global or an agentId or sessionId.')
      const place = here || global ? { agentId, sessionId } : {}
      const named = name === undefined ? {} : { source: { kind: 'import' as const, ref: name } }
      const left: NewMemory[] = fromMarkdown(await textOf(body))
        .map((entry) => ({ ...entry, ...(entry.kind === MemoryKind.enum.document && entry.id === undefined ? named : {}), ...place }))
        .toReversed()
      for (const entry of left) {
        check(entry)
        keep.refuseSecrets(entry)
      }
      const answer = { added: 0, merged: 0 }
      do {
        commit((emit) => {
          for (let length = 0; length < sliceLength;) {
            const entry = left.shift()
            if (!entry) break
            length += entry.text.length
            answer[keep.save(emit, entry).merged ? 'merged' : 'added']++
          }
          return { ...answer }
        })
        await turn()
      } while (left.length > 0)
      keepAnswer(answer)
      return answer
    },
  } satisfies Partial<MemoryHandlers>
}
