import { join } from 'node:path'
import { z } from 'zod'
import { boundHead, count, fitItems } from '../bounds.ts'
import { locate, PathInput, type Place, pathTarget, shown } from '../locate.ts'
import { tool, ToolError } from '../tool.ts'
import { words } from '../words.ts'
import { globMatcher } from './glob-pattern.ts'
import { fileSelection, listFiles } from './ripgrep.ts'

const describe = words(import.meta.url)
const cap = 200
const inputs = z.strictObject({
  pattern: z.string().min(1).max(1000).describe('A glob: `**/*.ts`, `src/**/*.{js,ts}`, `Dockerfile*`. Without `/` it matches names at any depth.'),
  path: PathInput.optional().describe('The folder to search. Default: the working folder.'),
  includeIgnored: z.boolean().optional().describe('Also files that .gitignore or the usual list leaves out. Default false.'),
})
const outputs = z.strictObject({
  files: z.array(z.string()).describe('Newest first.'),
  total: z.int().describe('How many matched.'),
  truncated: z.boolean(),
  complete: z.boolean().describe('False when the folder has more files than could be looked at.'),
})

/** The located folder a search starts in. Throws ToolError when it is not there or no folder. */
export const searchedFolder = async (path: string | undefined, at: Place): Promise<string> => {
  const folder = await locate(path ?? '.', at, 'read')
  const stat = await at.files.stat(folder)
  if (stat === null) throw new ToolError('not_found', `There is no folder ${shown(folder, at)}.`)
  if (stat.kind !== 'folder') throw new ToolError('invalid', `${shown(folder, at)} is no folder.`)
  return folder
}

/** Those of the paths that a tool may read: a link or a guarded folder may lie among them. Looks at them in order, until `limit` are found. */
const permitted = async (paths: readonly string[], at: Place, limit: number): Promise<string[]> => {
  const kept: string[] = []
  for (const path of paths) {
    if (kept.length >= limit) break
    const real = await at.files.resolve(path, 'read').catch(() => null)
    if (real !== null) kept.push(path)
  }
  return kept
}

/** Finds files by their names, the newest first. */
export const glob = tool({
  id: 'files.glob',
  name: 'Find files by name',
  get description() {
    return describe()
  },
  inputs,
  outputs,
  permissions: ['files:read'],
  risk: 'read',
  repeatable: true,
  examples: [
    'find all *.ts files',
    'which files are named Dockerfile?',
    'find files matching src/**/*.test.ts',
    'where is package.json?',
    'newest *.log files in logs',
  ],
  targets: (input, at) => pathTarget(input.path ?? '.', at, 'read'),
  async run(input, context) {
    const folder = await searchedFolder(input.path, context)
    const matches = globMatcher(input.pattern.startsWith(`${folder}/`) ? input.pattern.slice(folder.length + 1) : input.pattern)
    const { paths, complete } = await listFiles([...fileSelection(input.includeIgnored === true), '--sortr', 'modified'], folder, context)
    const found = paths.filter(matches)
    const readable = await permitted(
      found.map((path) => join(folder, path)),
      context,
      cap,
    )
    const files = fitItems(
      readable.map((path) => shown(path, context)),
      context.outputBytes - 500,
    )
    const truncated = files.length < readable.length || (readable.length === cap && found.length > cap)
    const notes = [
      ...(truncated ? [`[The newest ${count(files.length)} of ${count(found.length)} files. Use a narrower pattern for the others.]`] : []),
      ...(complete ? [] : ['[The folder has more files than could be looked at; search a smaller one.]']),
    ]
    const total = truncated ? found.length : files.length
    const text = [...(files.length === 0 ? [`No file matches ${input.pattern}.`] : files), ...notes].join('\n')
    return { output: { files, total, truncated, complete }, text: boundHead(text, context.outputBytes) }
  },
})
