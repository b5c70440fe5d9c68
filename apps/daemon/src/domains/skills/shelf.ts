import { createHash } from 'node:crypto'
import { lstatSync, readFileSync, statSync } from 'node:fs'
import { lstat, readdir, realpath } from 'node:fs/promises'
import path from 'node:path'
import { Fault } from '@steward/contract'
import type { SkillFault, SkillFile } from '@steward/contract/daemon'
import { createFiles } from '../../platform/files/files.ts'
import { ToolError, type Files } from '../../tools/tool.ts'
import { readSkill, skillFile, type SkillText } from './standard.ts'
import { walk } from './walk.ts'

/** A SKILL.md of more bytes is not read. */
const mostSkillBytes = 256 * 1024
/** A file of a skill of more bytes is not read. */
const mostFileBytes = 1024 * 1024

/** A folder of the skills path as it is on the disk. `text` is null where SKILL.md cannot be read. */
export interface FoundSkill extends SkillText {
  readonly name: string
  readonly text: string | null
  /** SHA-256 of SKILL.md, hex. */
  readonly etag: string | null
  readonly files: readonly SkillFile[]
  /** ISO 8601. */
  readonly updatedAt: string
  /** What can be told of its content without reading every file: etag, paths and sizes. */
  readonly print: string
  /** Changes also when another file than SKILL.md was written anew in its size. */
  readonly stamp: string
  /** Equal as long as no file of it is touched; null where that cannot be told. */
  readonly mark: string | null
}
interface ReadOptions {
  /** Where the folder lies, if it is not at its place. */
  readonly at?: string
  /** What was found before: it is answered again where no file was touched since. */
  readonly before?: FoundSkill | undefined
}
const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex')
const printOf = (etag: string | null, files: readonly SkillFile[]): string => sha256(JSON.stringify([etag, files]))
const nothing: SkillText = { head: { description: '', license: null, compatibility: null, metadata: {}, allowedTools: [] }, body: '', faults: [] }

/** Reads the folders of one skills path. A skill's files are read behind a jail of its own folder: nothing outside of it, whatever links say. */
export function createShelf(root: string, home: string) {
  /** Null for what is not there, or is no folder. Throws ToolError for a folder that is not entered. */
  async function enter(name: string, readBytes: number, at: string): Promise<Files | null> {
    const stats = await lstat(at).catch(() => null)
    if (!stats || (!stats.isDirectory() && !stats.isSymbolicLink())) return null
    if (stats.isSymbolicLink()) throw new ToolError('refused', `${name} is a link, and is not followed; put the folder itself here.`)
    const files = createFiles({ roots: [at], home, rw: false, readBytes })
    if (files.roots[0] !== path.join(await realpath(path.dirname(at)), path.basename(at)))
      throw new ToolError('refused', `${name} was replaced while it was being opened. Try again.`)
    return files
  }
  /** What SKILL.md says. */
  async function readText(name: string, files: Files): Promise<SkillText & { text: string | null; etag: string | null }> {
    const fault = (message: string) => ({ ...nothing, text: null, etag: null, faults: [{ path: skillFile, line: null, message }] })
    let etag: string | null = null
    try {
      const bytes = await files.read(skillFile)
      etag = sha256(bytes)
      const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
      return { ...readSkill(name, text), text, etag }
    } catch (error) {
      if (error instanceof TypeError) return { ...fault('The file is not UTF-8 text.'), etag }
      if (!(error instanceof ToolError)) throw error
      return fault(error.code === 'not_found' ? 'The folder has no SKILL.md, which makes it a skill.' : error.message)
    }
  }
  /** Two folders that differ in case only are one folder on other disks. */
  async function clash(name: string): Promise<SkillFault[]> {
    const lower = name.toLowerCase()
    if (lower === name) return []
    const [mine, other] = await Promise.all([name, lower].map((one) => lstat(path.join(root, one)).catch(() => null)))
    if (!mine || !other || mine.ino === other.ino) return []
    return [{ path: '', line: null, message: `The folders ${name} and ${lower} differ in case only; rename one of them.` }]
  }
  async function read(name: string, { at = path.join(root, name), before }: ReadOptions = {}): Promise<FoundSkill | null> {
    const bare = { ...nothing, name, text: null, etag: null, files: [], updatedAt: new Date(0).toISOString(), stamp: '', mark: null }
    try {
      const files = await enter(name, mostSkillBytes, at)
      if (files === null) return null
      const walked = await walk(files)
      if (before && before.mark !== null && before.mark === walked.mark) return before
      const said = await readText(name, files)
      const list = walked.files.map((file) => ({ path: file.path, size: file.size }))
      const others = walked.files.filter((file) => file.path !== skillFile).map(({ modifiedAt }) => modifiedAt)
      const main = walked.files.find((file) => file.path === skillFile)
      return {
        ...bare,
        ...said,
        faults: [...said.faults, ...walked.faults, ...(await clash(name))],
        files: list,
        ...(main ? { updatedAt: new Date(main.modifiedAt).toISOString() } : {}),
        print: printOf(said.etag, list),
        stamp: others.join(),
        mark: walked.mark,
      }
    } catch (error) {
      if (!(error instanceof ToolError)) throw error
      return { ...bare, faults: [{ path: '', line: null, message: error.message }], print: printOf(null, [{ path: error.message, size: 0 }]) }
    }
  }
  return {
    root,
    /** The folder of a skill as it is now, or one that lies at `at` and is to have that name; null where there is none. */
    read,
    /** The skill as it will be with another text. */
    withText(found: FoundSkill, text: string, updatedAt: string): FoundSkill {
      const said = readSkill(found.name, text)
      const etag = sha256(text)
      const files = found.files.map((file) => (file.path === skillFile ? { ...file, size: Buffer.byteLength(text) } : file))
      const others = found.faults.filter(({ path: at }) => at !== skillFile)
      return { ...found, ...said, faults: [...said.faults, ...others], text, etag, files, updatedAt, print: printOf(etag, files) }
    },
    /** Whether SKILL.md is this very moment what an etag says. */
    isStill(name: string, etag: string): boolean {
      const at = path.join(root, name)
      const file = path.join(at, skillFile)
      try {
        if (!lstatSync(at).isDirectory()) return false
        const stats = statSync(file)
        return stats.isFile() && stats.size <= mostSkillBytes && sha256(readFileSync(file)) === etag
      } catch {
        return false
      }
    },
    /** The names of the folders and links, sorted; none where the skills path is not there. */
    async names(): Promise<readonly string[]> {
      const entries = await readdir(root, { withFileTypes: true }).catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
        throw new Fault('unprocessable', `The skills path ${root} cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
      })
      const folders = entries.filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || entry.isSymbolicLink()))
      return folders.map(({ name }) => name).toSorted()
    },
    /** One file. Throws Fault `not_found`, `too_large`, or `unprocessable` for what leads out of the folder or is no ordinary file. */
    async file(name: string, inner: string): Promise<Uint8Array> {
      try {
        const files = await enter(name, mostFileBytes, path.join(root, name))
        if (files === null) throw new Fault('not_found', `There is no skill ${name}.`)
        return await files.read(inner)
      } catch (error) {
        if (!(error instanceof ToolError)) throw error
        if (error.code === 'outside_workspace')
          throw new Fault('unprocessable', `${JSON.stringify(inner)} leads out of the folder of the skill ${name}.`)
        const code = error.code === 'not_found' || error.code === 'too_large' ? error.code : 'unprocessable'
        throw new Fault(code, error.message)
      }
    },
  }
}
export type Shelf = ReturnType<typeof createShelf>
