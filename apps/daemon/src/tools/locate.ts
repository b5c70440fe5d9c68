import { basename, dirname, isAbsolute, relative, sep } from 'node:path'
import { z } from 'zod'
import { count } from './bounds.ts'
import { decodeText, type TextFile } from './text-file.ts'
import { type Files, type Target, ToolError } from './tool.ts'

/** Where a call stands: its folder and the files it may reach. */
export interface Place {
  readonly cwd: string
  readonly files: Files
}

/** A path as the model gives it. */
export const PathInput = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.includes('\0'), 'A path must not contain a NUL character.')

/**
 * The absolute, symlink-free path of what the model named, relative to the call's folder. Throws ToolError when it lies outside the workspace.
 * Joined as text: normalising would drop `..` before the links in front of it are followed.
 */
export const locate = (path: string, at: Place, access: 'read' | 'write'): Promise<string> =>
  at.files.resolve(isAbsolute(path) ? path : at.cwd + sep + path, access)

/** A path for people: relative to the call's folder where it lies below it, with `/`. */
export const shown = (path: string, at: Pick<Place, 'cwd'>): string => {
  const below = relative(at.cwd, path)
  if (below === '') return '.'
  return (below.startsWith('..') || isAbsolute(below) ? path : below).replaceAll(sep, '/')
}

/** The workspace's folder that holds a located path: a child that starts there sees all of the workspace, also in a sandbox. */
export const rootOf = (path: string, { roots }: Files): string =>
  roots.filter((root) => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)).toSorted((a, b) => b.length - a.length)[0] ?? path

export const pathTarget = async (path: string, at: Place, access: 'read' | 'write'): Promise<Target[]> => [
  { kind: 'path', path: await locate(path, at, access), access },
]

const reasons: Readonly<Record<string, readonly [ToolError['code'], string]>> = {
  ENOENT: ['not_found', 'it does not exist'],
  EACCES: ['refused', 'the operating system denies permission'],
  EPERM: ['refused', 'the operating system does not permit it'],
  EROFS: ['refused', 'it lies on a read-only file system'],
  EISDIR: ['invalid', 'it is a folder'],
  ENOTDIR: ['invalid', 'a part of its path is a file, not a folder'],
  ENOSPC: ['failed', 'the disk is full'],
  EDQUOT: ['failed', 'the disk quota is used up'],
  ENAMETOOLONG: ['invalid', 'its name is too long'],
  ELOOP: ['invalid', 'its symbolic links go in a circle'],
  EMFILE: ['failed', 'too many files are open; try again'],
}
/** Runs a deed on a file and turns the system's error codes into sentences. `deed` completes "Could not …". */
export const explained = async <T>(deed: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ToolError || !(error instanceof Error)) throw error
    const known = 'code' in error && typeof error.code === 'string' ? reasons[error.code] : undefined
    if (known === undefined) throw error
    throw new ToolError(known[0], `Could not ${deed}: ${known[1]}.`, { cause: error })
  }
}

const stem = (name: string): string => name.replace(/\.[^.]*$/, '')
const closeTo = (wanted: string, name: string): boolean => {
  const [a, b] = [wanted.toLowerCase(), name.toLowerCase()]
  if (a === b || (a.length > 2 && b.includes(a)) || (b.length > 2 && a.includes(b))) return true
  return stem(a) === stem(b)
}
const missing = async (path: string, at: Place): Promise<ToolError> => {
  const near = await at.files.list(dirname(path)).then(
    (entries) => entries.map((entry) => entry.name).filter((name) => closeTo(basename(path), name)),
    () => [],
  )
  const hint = near.length === 0 ? '' : ` Did you mean ${near.slice(0, 3).join(' or ')}?`
  return new ToolError('not_found', `There is no file ${shown(path, at)}.${hint}`)
}

/** No tool loads a larger file at once. */
const maxFileBytes = 50 * 1024 * 1024

/** The bytes of a file. `path` is located already. Throws ToolError for a missing file (with near names), a folder, a special file, one over 50 MB. */
export const readBytes = async (path: string, at: Place): Promise<Uint8Array> => {
  const name = shown(path, at)
  const stat = await explained(`read ${name}`, () => at.files.stat(path))
  if (stat === null) throw await missing(path, at)
  if (stat.kind === 'folder') throw new ToolError('invalid', `${name} is a folder. List it, or name a file in it.`)
  if (stat.kind === 'other') throw new ToolError('invalid', `${name} is no ordinary file (a device, a socket or a pipe) and cannot be read as one.`)
  if (stat.size > maxFileBytes)
    throw new ToolError(
      'too_large',
      `${name} has ${count(stat.size)} bytes; the limit is ${count(maxFileBytes)}. Search it, or cut out a part with a command.`,
    )
  return explained(`read ${name}`, () => at.files.read(path))
}

/** The text of a file that is to be changed. Throws ToolError when it is missing or holds no text. */
export const readText = async (path: string, at: Place): Promise<TextFile> => {
  const text = decodeText(await readBytes(path, at))
  if (text === null) throw new ToolError('invalid', `${shown(path, at)} is not a text file in UTF-8 or UTF-16, so it cannot be changed as text.`)
  return text
}
