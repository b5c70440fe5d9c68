import { realpath } from 'node:fs/promises'
import { Fault } from '@steward/contract'
import type { RoomHandlers } from '../../platform/context.ts'
import { isWithin } from '../../platform/files/real-path.ts'
import { decodePage, encodePage, pageByKey } from '../../platform/page.ts'
import type { EventLog } from '../../platform/storage/event-log.ts'
import { createChanges, detailOf } from './change.ts'
import { createLibrary, skillOf } from './library.ts'
import { mediaTypeOf } from './media-type.ts'
import { createMoves } from './moves.ts'
import { offerOf, skillDesk } from './offer.ts'
import { createSearch } from './search.ts'
import { createShelf, type FoundSkill } from './shelf.ts'
import { tagsOf } from './standard.ts'
import type { SkillStore } from './store.ts'

export interface SkillDeps {
  /** The skills path; absolute. */
  readonly root: string
  /** STEWARD_HOME. */
  readonly home: string
  readonly log: Pick<EventLog, 'commit'>
  readonly store: SkillStore
  report(error: unknown, about?: object): void
}
/** The user's skills: folders with a SKILL.md, as the Agent Skills standard has them. The folders are the truth; nothing of them is kept elsewhere. */
export function createSkillsRoom({ root, home, log, store, report }: SkillDeps) {
  const shelf = createShelf(root, home)
  const library = createLibrary({ shelf, store, log, report })
  const moves = createMoves(shelf, store, (write) => log.commit(write as never), report)
  const search = createSearch()
  let loading: Promise<void> | undefined
  async function assertOutside(): Promise<void> {
    const [mine, its] = await Promise.all([root, home].map((folder) => realpath(folder).catch(() => folder)))
    if (isWithin(mine ?? root, its ?? home))
      throw new Fault('unprocessable', `The setting skillsPath names ${root}, which lies in Steward's own data folder; name another.`)
  }
  /** Resolves when what a crash left is done, and all skills were looked at once. */
  const ready = (): Promise<void> =>
    (loading ??= assertOutside()
      .then(() => library.inTurn(() => moves.takeUp()))
      .then(() => library.all())
      .then(() => undefined)
      .catch((error: unknown) => {
        loading = undefined
        throw error
      }))
  const need = async (name: string): Promise<FoundSkill> => {
    await ready()
    const found = await library.find(name)
    if (!found) throw new Fault('not_found', `There is no skill ${name}.`)
    return found
  }
  const all = async () => {
    await ready()
    return library.all()
  }
  const changes = createChanges({ shelf, library, moves, store, ready })
  const handlers = {
    ...changes,
    async 'skills.list'(_context, { limit, cursor, status, tag, query }) {
      const asked = query?.toLowerCase()
      const shown = (await all()).map(skillOf).filter((skill) => {
        if (status !== undefined && skill.status !== status) return false
        if (tag !== undefined && !skill.tags.includes(tag)) return false
        return asked === undefined || [skill.name, skill.description, ...skill.tags].some((text) => text.toLowerCase().includes(asked))
      })
      return pageByKey(shown, ({ name }) => name, { limit, cursor })
    },
    async 'skills.get'(_context, { name }) {
      return detailOf(await need(name))
    },
    async 'skills.file'(_context, { name, path }) {
      await ready()
      const bytes = await shelf.file(name, path)
      const about = { name, path, size: bytes.length, mediaType: mediaTypeOf(path) }
      try {
        return { ...about, encoding: 'utf8' as const, content: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
      } catch {
        return { ...about, encoding: 'base64' as const, content: Buffer.from(bytes).toString('base64') }
      }
    },
    async 'skills.search'(_context, { query, limit, cursor }) {
      const from = cursor === undefined ? 0 : decodePage(cursor, 'from')
      const found = search(await all(), query)
      const items = found.slice(from, from + limit).map(({ skill, score }) => ({ ...skillOf(skill), score }))
      return { items, nextCursor: found.length > from + limit ? encodePage({ from: from + limit }) : null }
    },
    async 'skills.tags'(_context, { limit, cursor }) {
      const counts = new Map<string, number>()
      for (const { head } of await all()) for (const tag of tagsOf(head)) counts.set(tag, (counts.get(tag) ?? 0) + 1)
      const tags = [...counts].map(([tag, skills]) => ({ tag, skills })).toSorted((one, other) => (one.tag < other.tag ? -1 : 1))
      return pageByKey(tags, ({ tag }) => tag, { limit, cursor })
    },
    async 'skills.validate'(_context, { name }) {
      const { faults } = await need(name)
      return { name, valid: faults.length === 0, faults: [...faults] }
    },
  } satisfies RoomHandlers
  return {
    handlers,
    /** Resolves when the skills are those of the disk, for who offers them. */
    ready: async (): Promise<void> => void (await all()),
    /** Whether there is one that an agent could load. */
    hasSome: () => library.known().some(({ faults }) => faults.length === 0),
    /** What agents are told of the skills that they may load. */
    offer: (allowed: readonly string[] | null) => offerOf(library.known(), allowed),
    desk: skillDesk({ find: need, file: shelf.file, known: library.known, search }),
    /** From now on changes by hand are told as they come. */
    async start(): Promise<void> {
      await ready()
      await library.watch()
    },
    close: library.close,
  }
}
