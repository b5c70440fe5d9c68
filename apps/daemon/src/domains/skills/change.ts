import path from 'node:path'
import { Fault } from '@steward/contract'
import type { SkillDetail, TrashedSkill } from '@steward/contract/daemon'
import { lstatSync } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import type { RoomHandlers } from '../../platform/context.ts'
import { decodePlace, encodePage } from '../../platform/page.ts'
import { composeSkill } from './compose.ts'
import { skillOf, tellGone, tellSkill, type Library } from './library.ts'
import type { Moves } from './moves.ts'
import type { FoundSkill, Shelf } from './shelf.ts'
import { skillFile } from './standard.ts'
import type { SkillStore } from './store.ts'

export interface ChangeDeps {
  readonly shelf: Shelf
  readonly library: Library
  readonly moves: Moves
  readonly store: SkillStore
  /** Resolves when all skills were looked at once. */
  ready(): Promise<void>
}
export function detailOf(found: FoundSkill): SkillDetail {
  const { license, compatibility, allowedTools } = found.head
  const { tags: _tags, ...metadata } = found.head.metadata
  return { ...skillOf(found), license, compatibility, metadata, allowedTools: [...allowedTools], body: found.body, files: [...found.files] }
}
/** What is written by an operation fits the standard, or is not written. */
function assertSound({ faults }: FoundSkill): void {
  const mine = faults.filter((fault) => fault.path === skillFile)
  const [first] = mine
  if (first)
    throw new Fault('unprocessable', `The skill does not fit the Agent Skills standard: line ${first.line ?? 1}: ${first.message}`, { faults: mine })
}
const trashed = /^(trs_([0-9a-z]{9})[0-9a-z]+)\.(.+)$/s
/** Reads the name of a folder in the trash; its id begins with the time. */
function trashedOf(entry: string): TrashedSkill | null {
  const [, id, time, name] = trashed.exec(entry) ?? []
  return id && time && name ? { id, name, deletedAt: new Date(Number.parseInt(time, 36)).toISOString() } : null
}
/** The handlers that change skills. Each stages what it writes, commits, and moves it into place; an edit by hand is never written over. */
export function createChanges({ shelf, library, moves, store, ready }: ChangeDeps) {
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => ready().then(() => library.inTurn(work))
  const place = (name: string) => path.join(shelf.root, name)
  const assertFree = (name: string) => {
    if (lstatSync(place(name), { throwIfNoEntry: false }))
      throw new Fault('conflict', `There is a skill ${name} already; take another name, or delete it first.`)
  }
  const need = async (name: string): Promise<FoundSkill> => {
    await library.lookAt([name])
    const found = library.known().find((one) => one.name === name)
    if (!found) throw new Fault('not_found', `There is no skill ${name}.`)
    return found
  }
  async function inTrash(): Promise<TrashedSkill[]> {
    const entries = await readdir(moves.trash()).catch(() => [])
    return entries.flatMap((entry) => trashedOf(entry) ?? []).toSorted((one, other) => (one.id < other.id ? 1 : -1))
  }
  return {
    async 'skills.create'({ commit }, { name, ...fields }) {
      return inTurn(async () => {
        assertFree(name)
        const other = (await shelf.names()).find((one) => one.toLowerCase() === name)
        if (other !== undefined)
          throw new Fault('conflict', `There is a folder ${other}, which differs from ${name} in case only; rename it, or take another name.`)
        const source = await moves.stageNew(skillFile, composeSkill(name, fields))
        const found = await shelf.read(name, { at: source })
        if (!found) throw new Fault('unavailable', 'What was just written is not there any more; try again.')
        const check = () => {
          assertSound(found)
          assertFree(name)
        }
        const answer = await moves.publish(commit, { source, target: place(name), replaces: null }, check, (emit) => {
          tellSkill(store, emit, found)
          return detailOf(found)
        })
        await library.lookAt([name])
        return answer
      })
    },
    async 'skills.update'({ commit }, { name, etag, text: whole, ...patch }) {
      return inTurn(async () => {
        const before = await need(name)
        const text = whole ?? composeSkill(name, patch, before.text ?? undefined)
        const target = path.join(place(name), skillFile)
        const source = await moves.stageFile(target, text)
        const found = shelf.withText(before, text, new Date((await lstat(source)).mtimeMs).toISOString())
        const check = () => {
          if (!shelf.isStill(name, etag))
            throw new Fault(
              'conflict',
              `${skillFile} of ${name} is not any more what the etag says; read the skill again, and make the change on that.`,
            )
          assertSound(found)
        }
        const answer = await moves.publish(commit, { source, target, replaces: etag }, check, (emit) => {
          tellSkill(store, emit, found)
          return detailOf(found)
        })
        await library.lookAt([name])
        return answer
      })
    },
    async 'skills.delete'({ commit }, { name }) {
      return inTurn(async () => {
        await need(name)
        const { id, at } = await moves.trashPlace(name)
        const answer = { id, name, deletedAt: trashedOf(path.basename(at))?.deletedAt ?? new Date().toISOString() }
        await moves.publish(
          commit,
          { source: place(name), target: at, replaces: null },
          () => {
            if (!lstatSync(place(name), { throwIfNoEntry: false })) throw new Fault('not_found', `There is no skill ${name}.`)
          },
          (emit) => {
            tellGone(store, emit, name)
            return answer
          },
        )
        await library.lookAt([name])
        return answer
      })
    },
    async 'skills.trash'(_context, { limit, cursor }) {
      await ready()
      const before = cursor === undefined ? undefined : String(decodePlace(cursor)['id'] ?? '')
      const rest = (await inTrash()).filter(({ id }) => before === undefined || id < before)
      const items = rest.slice(0, limit)
      const last = items.at(-1)
      return { items, nextCursor: rest.length > limit && last ? encodePage({ id: last.id }) : null }
    },
    async 'skills.restore'({ commit }, { id }) {
      return inTurn(async () => {
        const gone = (await inTrash()).find((one) => one.id === id)
        const source = path.join(moves.trash(), `${id}.${gone?.name}`)
        const found = gone && (await shelf.read(gone.name, { at: source }))
        if (!gone || !found) throw new Fault('not_found', `There is nothing ${id} in the trash.`)
        const answer = await moves.publish(
          commit,
          { source, target: place(gone.name), replaces: null },
          () => assertFree(gone.name),
          (emit) => {
            tellSkill(store, emit, found)
            return detailOf(found)
          },
        )
        await library.lookAt([gone.name])
        return answer
      })
    },
  } satisfies RoomHandlers
}
