import { lstat, readdir } from 'node:fs/promises'
import path from 'node:path'
import type { SkillFault } from '@steward/contract/daemon'
import { inFolder } from '../../platform/files/pinned.ts'
import { ToolError, type Files } from '../../tools/tool.ts'
import { skillFile } from './standard.ts'

const mostFiles = 500
const deepest = 8
interface WalkedFile {
  readonly path: string
  /** Bytes. */
  readonly size: number
  readonly modifiedAt: number
}
export interface Walk {
  /** Every ordinary file, SKILL.md first, else by path; what begins with a dot is left out. */
  readonly files: readonly WalkedFile[]
  /** Links that lead out of the folder. */
  readonly faults: readonly SkillFault[]
  /** Equal to that of an earlier walk when no file was touched in between; null where links make that uncertain. */
  readonly mark: string | null
}
/** Lists the files of a skill's folder. Folders are entered only where they stand; links are followed to files inside only. Throws ToolError for too many files. */
export async function walk(files: Files): Promise<Walk> {
  const [root = ''] = files.roots
  const found: WalkedFile[] = []
  const faults: SkillFault[] = []
  const marks: string[] = []
  let hasLinks = false
  const linked = async (inner: string): Promise<void> => {
    hasLinks = true
    try {
      const stats = await files.stat(inner)
      if (stats?.kind === 'file') found.push({ path: inner, size: stats.size, modifiedAt: stats.modifiedAt })
    } catch (error) {
      if (!(error instanceof ToolError)) throw error
      faults.push({ path: inner, line: null, message: 'This is a link that leads out of the folder, and is not followed.' })
    }
  }
  const into = (folder: string, depth: number): Promise<void> =>
    inFolder(path.join(root, folder), async (at) => {
      for (const entry of await readdir(at, { withFileTypes: true })) {
        if (entry.name.startsWith('.')) continue
        const inner = folder === '' ? entry.name : `${folder}/${entry.name}`
        if (entry.isSymbolicLink()) await linked(inner)
        else if (entry.isDirectory()) await (depth < deepest ? into(inner, depth + 1) : undefined)
        else if (entry.isFile()) {
          const stats = await lstat(path.join(at, entry.name)).catch(() => null)
          if (!stats?.isFile()) continue
          found.push({ path: inner, size: stats.size, modifiedAt: stats.mtimeMs })
          marks.push(`${inner} ${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`)
        }
        if (found.length + faults.length > mostFiles) throw new ToolError('too_large', `A skill has at most ${mostFiles} files.`)
      }
    })
  await into('', 1)
  const order = ({ path: at }: WalkedFile) => (at === skillFile ? 0 : 1)
  return {
    files: found.toSorted((one, other) => order(one) - order(other) || (one.path < other.path ? -1 : 1)),
    faults,
    mark: hasLinks ? null : marks.toSorted().join('\n'),
  }
}
