import { createHash } from 'node:crypto'
import { Fault } from '@steward/contract'
import type { Memory } from '@steward/contract/daemon'
import { newId } from '../../platform/ids.ts'
import { chunk } from './chunk.ts'
import type { MemoryEmit } from './context.ts'
import type { MemorySearchStore } from './search-store.ts'
import type { MemoryRecord, MemoryStore, Scope } from './store.ts'
import { indexed } from './terms.ts'

export type Reason = 'asked' | 'expired' | 'retention' | 'orphaned'
export interface NewMemory extends Scope {
  readonly text: string
  readonly kind: Memory['kind']
  readonly tags: readonly string[]
  readonly source: Memory['source']
  readonly expiresAt: string | null
  /** As a file says them; else a new id and now. */
  readonly id?: string
  readonly createdAt?: string
  readonly updatedAt?: string
}
const mostTags = 32
/** Of the text alone, in composed letters and without white space around it: what is the same content is one memory of a scope. */
const hashOf = (text: string): string => createHash('sha256').update(text.normalize('NFC').trim()).digest('hex')
const later = (one: string | null, other: string | null): string | null => (one === null || other === null ? null : one > other ? one : other)
/** The first of the tags, without doubles. */
const merge = (...tags: readonly (readonly string[])[]): string[] => [...new Set(tags.flat())].slice(0, mostTags)
const exact = (at: string): string => new Date(at).toISOString()
/** Now, yet after `before`: what was touched again can be told by its times. */
const nowAfter = (before: string): string => new Date(Math.max(Date.now(), Date.parse(before) + 1)).toISOString()
export const isLiving = ({ expiresAt }: MemoryRecord): boolean => expiresAt === null || expiresAt > new Date().toISOString()
const toldOf = ({ id, kind, agentId, sessionId }: MemoryRecord) => ({ memoryId: id, kind, agentId, sessionId })

interface KeepPorts {
  redact<T>(value: T): T
  /** New pieces are in the index; called within the commit. */
  indexed(): void
}
/** The only ways that memories come, change and go: rows, index and events together. Each runs inside a commit. */
export function createKeep(store: MemoryStore, search: MemorySearchStore, { redact, indexed: wasIndexed }: KeepPorts) {
  const index = ({ seq, scope, text, tags }: MemoryRecord) => {
    const pieces = chunk(text).map((piece) => ({ text: piece.text, words: indexed(piece.text) }))
    search.put(seq, scope, tags.join(' \n '), pieces)
    wasIndexed()
  }
  const forget = (emit: MemoryEmit, { seq, id }: { readonly seq: number; readonly id: string }, reason: Reason) => {
    store.remove(seq)
    emit('memory.deleted', { memoryId: id, reason })
  }
  /** A memory is kept in clear, searched and put into prompts: what holds a known secret is refused. Throws Fault `unprocessable`. */
  const refuseSecrets = (given: { readonly text?: string | undefined; readonly tags?: readonly string[] | undefined }): void => {
    const parts = [given.text ?? '', ...(given.tags ?? [])]
    if (redact(parts).some((part, at) => part !== parts[at]))
      throw new Fault(
        'unprocessable',
        'It holds a secret, which would be kept in clear. Leave the secret out, or store it with `steward secrets set`.',
      )
  }
  return {
    forget,
    refuseSecrets,
    /**
     * Saves, or where the scope holds the same content already, answers that: with the tags of both, the later expiry and the time of now. An
     * expired one is no longer there. A file's id is kept where it is free.
     */
    save(emit: MemoryEmit, given: NewMemory): { record: MemoryRecord; merged: boolean } {
      refuseSecrets(given)
      const { agentId, sessionId, kind, source } = given
      const expiresAt = given.expiresAt === null ? null : exact(given.expiresAt)
      const text = given.text.toWellFormed()
      const scope = store.scopeOf({ agentId, sessionId })
      const hash = hashOf(text)
      const same = store.findByHash(scope, hash)
      if (same && isLiving(same)) {
        const tags = merge(same.tags, given.tags)
        const record = { ...same, tags, expiresAt: later(same.expiresAt, expiresAt), updatedAt: nowAfter(same.updatedAt) }
        store.update(record)
        if (tags.length !== same.tags.length) index(record)
        emit('memory.saved', { ...toldOf(record), source: source.kind, merged: true })
        return { record, merged: true }
      }
      if (same) forget(emit, same, 'expired')
      const id = given.id === undefined || store.find(given.id) ? newId('mem') : given.id
      const createdAt = exact(given.createdAt ?? new Date().toISOString())
      const fields = { id, scope, kind, text, tags: merge(given.tags), source, hash, agentId, sessionId, createdAt, expiresAt }
      const updatedAt = exact(given.updatedAt ?? createdAt)
      const record = { ...fields, updatedAt, seq: store.insert({ ...fields, updatedAt }) }
      index(record)
      emit('memory.saved', { ...toldOf(record), source: source.kind, merged: false })
      return { record, merged: false }
    },
    /** Changes what is given. Throws Fault `conflict` where the scope holds the new text already. */
    update(emit: MemoryEmit, before: MemoryRecord, patch: Partial<Pick<Memory, 'text' | 'kind' | 'tags' | 'expiresAt'>>): MemoryRecord {
      refuseSecrets(patch)
      const text = (patch.text ?? before.text).toWellFormed()
      const hash = hashOf(text)
      const same = hash === before.hash ? undefined : store.findByHash(before.scope, hash)
      if (same && isLiving(same)) throw new Fault('conflict', `${same.id} says that already; change or delete that one.`, { id: same.id })
      if (same) forget(emit, same, 'expired')
      const expiresAt = patch.expiresAt === undefined ? before.expiresAt : patch.expiresAt === null ? null : exact(patch.expiresAt)
      const tags = merge(patch.tags ?? before.tags)
      const record = { ...before, kind: patch.kind ?? before.kind, text, hash, tags, expiresAt, updatedAt: nowAfter(before.updatedAt) }
      store.update(record)
      index(record)
      emit('memory.updated', toldOf(record))
      return record
    },
  }
}
export type Keep = ReturnType<typeof createKeep>
