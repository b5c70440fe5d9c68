import { mkdir } from 'node:fs/promises'
import type { Skill } from '@steward/contract/daemon'
import type { Emit, EventLog } from '../../platform/storage/event-log.ts'
import { watchTree, type WatchedTree } from '../../platform/watch-tree.ts'
import type { FoundSkill, Shelf } from './shelf.ts'
import { tagsOf } from './standard.ts'
import type { SkillStore } from './store.ts'

const mostSkills = 1000
/** So many are looked at side by side. */
const atOnce = 16

export interface LibraryDeps {
  readonly shelf: Shelf
  readonly store: SkillStore
  readonly log: Pick<EventLog, 'commit'>
  report(error: unknown, about?: object): void
}
/** How a skill is shown in lists. */
export const skillOf = (found: FoundSkill): Skill => ({
  name: found.name,
  description: found.head.description,
  status: found.faults.length === 0 ? 'valid' : 'invalid',
  tags: tagsOf(found.head),
  etag: found.etag,
  faults: [...found.faults],
  updatedAt: found.updatedAt,
})
/** Writes in a commit that a skill is so now. */
export function tellSkill(store: SkillStore, emit: Emit, found: Pick<FoundSkill, 'name' | 'print' | 'etag' | 'faults'>): void {
  store.tell(found.name, found.print)
  emit('skill.changed', { name: found.name, status: found.faults.length === 0 ? 'valid' : 'invalid', etag: found.etag })
}
export function tellGone(store: SkillStore, emit: Emit, name: string): void {
  store.forget(name)
  emit('skill.removed', { name })
}
/**
 * All skills of the path as they were last seen. What the disk says counts; each difference to what was told before, also by an earlier daemon,
 * becomes an event. Looking and changing go one after another, so that no change is told twice.
 */
export function createLibrary({ shelf, store, log, report }: LibraryDeps) {
  let skills: ReadonlyMap<string, FoundSkill> = new Map()
  let turn: Promise<unknown> = Promise.resolve()
  let made: WatchedTree | undefined
  /** The same, as long as the system can watch. */
  let watching: WatchedTree | undefined
  let closed = false
  let warned = false

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work)
    turn = mine.catch(() => undefined)
    return mine
  }
  /** Takes what was found of some names (null: it is gone), and tells what is new. */
  function take(found: ReadonlyMap<string, FoundSkill | null>): void {
    const next = new Map(skills)
    const news = [...found].flatMap(([name, now]) => {
      const before = next.get(name)
      if (now) next.set(name, now)
      else next.delete(name)
      const told = store.told(name)
      if (!now) return told !== undefined ? [(emit: Emit) => tellGone(store, emit, name)] : []
      const isNew = told !== now.print || (before !== undefined && before.stamp !== now.stamp)
      return isNew ? [(emit: Emit) => tellSkill(store, emit, now)] : []
    })
    if (news.length > 0 && !closed) log.commit((emit) => news.forEach((tell) => tell(emit)))
    skills = new Map([...next].toSorted(([one], [other]) => (one < other ? -1 : 1)))
  }
  const lookAt = async (names: Iterable<string>): Promise<void> => {
    const found = new Map<string, FoundSkill | null>()
    for (const name of names) found.set(name, await shelf.read(name))
    take(found)
  }
  async function lookAtAll(): Promise<void> {
    const names = await shelf.names()
    if (names.length > mostSkills && !warned) {
      warned = true
      report(new Error(`Only the first ${mostSkills} of ${names.length} folders are taken as skills.`), { folder: shelf.root })
    }
    const all = [...new Set([...names.slice(0, mostSkills), ...skills.keys(), ...store.toldNames()])]
    const found = new Map<string, FoundSkill | null>()
    for (let from = 0; from < all.length; from += atOnce) {
      const some = all.slice(from, from + atOnce).map(async (name) => [name, await shelf.read(name, { before: skills.get(name) })] as const)
      for (const [name, one] of await Promise.all(some)) found.set(name, one)
    }
    take(found)
  }
  return {
    inTurn,
    /** The skills as they are now, by name. Where nothing is watched they are looked at anew. */
    async all(): Promise<readonly FoundSkill[]> {
      await inTurn(watching ? async () => undefined : lookAtAll)
      return [...skills.values()]
    },
    /** As last seen, without looking. */
    known: (): readonly FoundSkill[] => [...skills.values()],
    /** One skill as it is on the disk now. */
    find: (name: string): Promise<FoundSkill | undefined> =>
      inTurn(async () => {
        await lookAt([name])
        return skills.get(name)
      }),
    /** Looks again at what was just changed; to be called in turn. */
    lookAt,
    /** From now on changes by hand are told as they come. */
    async watch(): Promise<void> {
      await mkdir(shelf.root, { recursive: true })
      if (closed) return
      const changed = (names: ReadonlySet<string> | null) => {
        if (!closed) inTurn(names === null ? lookAtAll : () => lookAt(names)).catch(report)
      }
      const blind = (error: unknown) => {
        watching = undefined
        report(error, { folder: shelf.root })
      }
      made = await watchTree({ folder: shelf.root, depth: 8, onChange: changed, onError: blind })
      if (closed) return made.close()
      watching = made
      await inTurn(lookAtAll)
    },
    async close(): Promise<void> {
      closed = true
      await made?.close()
      await turn
    },
  }
}
export type Library = ReturnType<typeof createLibrary>
