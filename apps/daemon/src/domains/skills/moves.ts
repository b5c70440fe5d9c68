import { chmodSync, closeSync, existsSync, fsyncSync, lstatSync, openSync, renameSync } from 'node:fs'
import { mkdir, open, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { Fault } from '@steward/contract'
import { newId } from '../../platform/ids.ts'
import type { Emit } from '../../platform/storage/event-log.ts'
import type { Shelf } from './shelf.ts'
import type { SkillMove, SkillStore } from './store.ts'

/** What is being written lies here until it is decided; what was deleted lies there. Both are folders of the skills path, so that a move is one rename. */
const stageFolder = '.stage'
const trashFolder = '.trash'
type Write = <T>(write: (emit: Emit) => T extends Promise<unknown> ? never : T) => T

/**
 * Changes of a skill's files. What is to come is staged whole; then one commit has the event, the caller's fact and the move; then the move is
 * done, without a pause in between. A crash before the commit leaves a stage that the next start sweeps, one after it a move that it does.
 */
export function createMoves(
  shelf: Pick<Shelf, 'root' | 'isStill'>,
  store: SkillStore,
  commit: <T>(write: () => T) => T,
  report: (error: unknown, about?: object) => void,
) {
  const { root } = shelf
  async function folder(name: string): Promise<string> {
    const at = path.join(root, name)
    await mkdir(at, { recursive: true, mode: 0o755 }).catch((error: unknown) => {
      throw new Fault('unprocessable', `The folder ${at} cannot be made; look at the setting skillsPath.`, undefined, { cause: error })
    })
    if (!lstatSync(at).isDirectory()) throw new Fault('unprocessable', `${at} is no folder; remove what stands there.`)
    return at
  }
  const isStaged = (at: string) => path.dirname(at) === path.join(root, stageFolder)
  const isThere = (at: string) => lstatSync(at, { throwIfNoEntry: false }) !== undefined
  function carry({ source, target }: SkillMove): void {
    renameSync(source, target)
    for (const at of new Set([path.dirname(source), path.dirname(target)])) syncFolder(at)
  }
  async function redo(move: SkillMove): Promise<void> {
    const { source, target, replaces } = move
    const name = path.basename(replaces === null ? target : path.dirname(target))
    if (replaces === null ? !isThere(target) : shelf.isStill(name, replaces)) return carry(move)
    if (!isStaged(source)) return
    const kept = (await trashPlace(name)).at
    if (replaces === null) return renameSync(source, kept)
    await mkdir(kept)
    renameSync(source, path.join(kept, path.basename(target)))
  }
  /** Where a folder goes that is deleted now. */
  async function trashPlace(name: string): Promise<{ id: string; at: string }> {
    const id = newId('trs')
    return { id, at: path.join(await folder(trashFolder), `${id}.${name}`) }
  }
  return {
    trashPlace,
    trash: () => path.join(root, trashFolder),
    /** Writes a new folder with one file, durably, where nothing looks. Answers its path. */
    async stageNew(file: string, text: string): Promise<string> {
      const at = path.join(await folder(stageFolder), newId('stg'))
      await mkdir(at)
      await writeDurably(path.join(at, file), text)
      syncFolder(at)
      return at
    },
    /** Writes a file, durably, that is to stand in the place of `old`, with its mode. */
    async stageFile(old: string, text: string): Promise<string> {
      const at = path.join(await folder(stageFolder), newId('stg'))
      await writeDurably(at, text)
      const before = lstatSync(old, { throwIfNoEntry: false })
      if (before?.isFile()) chmodSync(at, before.mode & 0o777)
      return at
    },
    /** Commits with `write`, then moves. `check` has the last word before: it throws Fault. What was staged is thrown away when nothing comes of it. */
    async publish<T>(into: Write, { source, target, replaces }: Omit<SkillMove, 'id'>, check: () => void, write: (emit: Emit) => T): Promise<T> {
      const move = { id: newId('mov'), source, target, replaces }
      let value: T
      try {
        check()
        value = into(((emit: Emit) => {
          store.plan(move)
          return write(emit)
        }) as never)
      } catch (error) {
        if (isStaged(source) && !store.isPlanned(move.id)) await rm(source, { recursive: true, force: true })
        throw error
      }
      try {
        carry(move)
      } finally {
        commit(() => store.done(move.id))
      }
      return value
    },
    /**
     * Does what was decided before a crash, and sweeps what was not. What has been written by hand meanwhile stands: what was to take its place
     * goes to the trash.
     */
    async takeUp(): Promise<void> {
      for (const move of store.moves()) {
        try {
          if (isThere(move.source)) await redo(move)
        } catch (error) {
          report(error, { move })
        }
        commit(() => store.done(move.id))
      }
      const stage = path.join(root, stageFolder)
      if (!existsSync(stage) || !lstatSync(stage).isDirectory()) return
      for (const name of await readdir(stage)) if (name.startsWith('stg_')) await rm(path.join(stage, name), { recursive: true, force: true })
    },
  }
}
export type Moves = ReturnType<typeof createMoves>

async function writeDurably(at: string, text: string): Promise<void> {
  const file = await open(at, 'wx', 0o644)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}
function syncFolder(at: string): void {
  const opened = openSync(at, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}
