import { basename, join, relative, sep } from 'node:path'
import { z } from 'zod'
import { boundHead, count, fitItems } from '../bounds.ts'
import { explained, PathInput, pathTarget, shown } from '../locate.ts'
import { type Files, tool, type ToolContext } from '../tool.ts'
import { words } from '../words.ts'
import { searchedFolder } from './glob.ts'
import { fileSelection, listFiles, usualExcludes } from './ripgrep.ts'

const describe = words(import.meta.url)
const cap = 1000
const inputs = z.strictObject({
  path: PathInput.optional().describe('The folder to list. Default: the working folder.'),
  depth: z.int().min(1).max(20).optional().describe('How many levels to go down. Default 1: the folder itself.'),
  includeIgnored: z.boolean().optional().describe('Also what .gitignore or the usual list leaves out. Default false.'),
})
const outputs = z.strictObject({
  path: z.string(),
  entries: z
    .array(z.strictObject({ path: z.string(), kind: z.enum(['file', 'folder', 'symlink', 'other']), size: z.int().optional() }))
    .describe('Paths relative to the folder.'),
  truncated: z.boolean(),
})
type Entry = Awaited<ReturnType<Files['list']>>[number]
type Shown = { path: string; kind: Entry['kind']; size?: number }
type IsVisible = (path: string, entry: Entry, isEmpty: () => Promise<boolean>) => Promise<boolean>

const everything: IsVisible = async (path) => basename(path) !== '.git'

/** What .gitignore leaves visible: the files ripgrep names, the folders that hold them, empty folders, links. Null when the tree is too large to tell. */
const visibility = async (folder: string, context: ToolContext): Promise<IsVisible | null> => {
  const { paths, complete } = await listFiles(fileSelection(false), folder, context)
  if (!complete) return null
  const files = new Set(paths)
  const folders = new Set<string>()
  for (const path of paths) for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) folders.add(path.slice(0, at))
  return async (path, entry, isEmpty) => {
    if (usualExcludes.includes(entry.name)) return false
    if (entry.kind === 'file') return files.has(path)
    if (entry.kind === 'folder') return folders.has(path) || isEmpty()
    return true
  }
}

/** Walks level by level, so that a cap cuts the deepest levels and never hides the first. */
const walk = async (folder: string, depth: number, isVisible: IsVisible, files: Files): Promise<{ entries: Shown[]; capped: boolean }> => {
  const entries: Shown[] = []
  let level = [folder]
  for (let down = 0; down < depth && level.length > 0; down++) {
    const next: string[] = []
    for (const parent of level) {
      const children = down === 0 ? await explained(`list ${parent}`, () => files.list(parent)) : await files.list(parent).catch(() => [])
      for (const entry of children.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
        const full = join(parent, entry.name)
        const path = relative(folder, full).replaceAll(sep, '/')
        const isEmpty = () =>
          files.list(full).then(
            (inside) => inside.length === 0,
            () => false,
          )
        if (!(await isVisible(path, entry, isEmpty))) continue
        if (entries.length === cap) return { entries, capped: true }
        entries.push({ path, kind: entry.kind, ...(entry.kind === 'file' ? { size: entry.size } : {}) })
        if (entry.kind === 'folder') next.push(full)
      }
    }
    level = next
  }
  return { entries, capped: false }
}

const line = ({ path, kind, size }: Shown): string => {
  if (kind === 'folder') return `${path}/`
  return kind === 'file' ? `${path} (${count(size ?? 0)} bytes)` : `${path} (${kind})`
}

/** Lists a folder, or a tree of folders to a depth. */
export const list = tool({
  id: 'files.list',
  name: 'List a folder',
  get description() {
    return describe()
  },
  inputs,
  outputs,
  permissions: ['files:read'],
  risk: 'read',
  repeatable: true,
  examples: [
    'list the files here',
    'what is in the folder src?',
    'show the directory tree of packages',
    'ls docs',
    'which files are in this project?',
  ],
  targets: (input, at) => pathTarget(input.path ?? '.', at, 'read'),
  async run(input, context) {
    const folder = await searchedFolder(input.path, context)
    const isVisible = input.includeIgnored === true ? everything : await visibility(folder, context)
    const { entries: found, capped } = await walk(folder, input.depth ?? 1, isVisible ?? everything, context.files)
    const entries = fitItems<Shown>(found, context.outputBytes - 500).toSorted((a, b) => (a.path < b.path ? -1 : 1))
    const truncated = capped || entries.length < found.length
    const path = shown(folder, context)
    const notes = [
      ...(truncated
        ? [`[Only the first ${count(entries.length)} entries, the upper levels first. List a folder below, or find files by a pattern.]`]
        : []),
      ...(isVisible === null ? ['[The tree is too large to tell what .gitignore leaves out; ignored files are listed too.]'] : []),
    ]
    const text = [`${path}/`, ...(entries.length === 0 ? ['[nothing to see here]'] : entries.map(line)), ...notes].join('\n')
    return { output: { path, entries, truncated }, text: boundHead(text, context.outputBytes) }
  },
})
