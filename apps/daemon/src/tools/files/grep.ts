import { dirname, relative, sep } from 'node:path'
import { z } from 'zod'
import { boundHead, count, fitItems } from '../bounds.ts'
import { locate, PathInput, pathTarget, shown } from '../locate.ts'
import { tool, type ToolContext, ToolError } from '../tool.ts'
import { words } from '../words.ts'
import { globMatcher } from './glob-pattern.ts'
import { type FoundLine, foundLines } from './grep-matches.ts'
import { answeredPath, fileSelection, ripgrep } from './ripgrep.ts'

const describe = words(import.meta.url)
const perFile = 100
const inputs = z.strictObject({
  pattern: z.string().min(1).max(2000).describe('A regular expression (Rust syntax), or plain text with `literal`.'),
  path: PathInput.optional().describe('The file or folder to search. Default: the working folder.'),
  literal: z.boolean().optional().describe('Take the pattern as plain text. Default false.'),
  ignoreCase: z.boolean().optional().describe('Upper and lower case count as the same. Default false.'),
  glob: z.string().min(1).max(1000).optional().describe('Only files that match this glob, such as `*.ts` or `src/**/*.js`.'),
  type: z
    .string()
    .regex(/^[a-z0-9_-]{1,30}$/, 'A type is a word such as ts, py or md.')
    .optional()
    .describe('Only files of this type: ts, js, py, rust, md, json, …'),
  context: z.int().min(0).max(10).optional().describe('Lines to show before and after each match. Default 0.'),
  maxMatches: z.int().min(1).max(1000).optional().describe('Matching lines to show at most. Default 200.'),
  includeIgnored: z.boolean().optional().describe('Also files that .gitignore or the usual list leaves out. Default false.'),
})
type Input = z.infer<typeof inputs>
const outputs = z.strictObject({
  lines: z
    .array(z.strictObject({ path: z.string(), line: z.int(), text: z.string(), match: z.boolean() }))
    .describe('In order of path and line; `match` is false for lines of context.'),
  matches: z.int().describe('Matching lines shown.'),
  files: z.int().describe('Files they are in.'),
  truncated: z.boolean(),
})

/** A glob that cannot cross folders may be left to ripgrep as a file type: unlike its own globs, a type does not bring ignored files back. */
const nameFilter = (glob: string | undefined): string[] => {
  const name = glob?.split('/').at(-1) ?? ''
  if (name === '' || name.includes('**') || /\{[^}]*\//.test(glob ?? '')) return []
  return [`--type-add=wanted:${name}`, '--type=wanted']
}

const searchArgs = (input: Input): string[] => [
  '--json',
  ...fileSelection(input.includeIgnored === true),
  '--sort=path',
  `--max-count=${perFile}`,
  `--context=${input.context ?? 0}`,
  input.ignoreCase === true ? '--ignore-case' : '--case-sensitive',
  ...(input.literal === true ? ['--fixed-strings'] : []),
  ...(input.type === undefined ? nameFilter(input.glob) : [`--type=${input.type}`]),
  `--regexp=${input.pattern}`,
]

/** The lines of files that a tool may read, with paths as people see them, up to so many matches. */
const readableLines = async (lines: readonly FoundLine[], limit: number, context: ToolContext) => {
  const names = new Map<string, string | null>()
  const kept: FoundLine[] = []
  let [matches, capped] = [0, false]
  for (const line of lines) {
    let name = names.get(line.path)
    if (name === undefined) {
      name = await context.files.resolve(line.path, 'read').then(
        () => shown(line.path, context),
        () => null,
      )
      names.set(line.path, name)
    }
    if (name === null) continue
    if (line.match && matches++ === limit) {
      capped = true
      break
    }
    kept.push({ ...line, path: name })
  }
  return { kept, capped }
}

const worded = (lines: readonly FoundLine[]): string => {
  const text: string[] = []
  let last: FoundLine | undefined
  for (const line of lines) {
    if (line.path !== last?.path) text.push(`${text.length > 0 ? '\n' : ''}${line.path}`)
    else if (line.line > last.line + 1 && (!line.match || !last.match)) text.push('--')
    text.push(`${line.line}${line.match ? ':' : '-'} ${line.text}`)
    last = line
  }
  return text.join('\n')
}

/** Searches the content of files. */
export const grep = tool({
  id: 'files.grep',
  name: 'Search in files',
  get description() {
    return describe()
  },
  inputs,
  outputs,
  permissions: ['files:read'],
  risk: 'read',
  repeatable: true,
  examples: [
    'search for "TODO" in src',
    'grep createSession',
    'where is the function parseConfig defined?',
    'which files contain "password"?',
    'find the text "listen" in *.ts files',
  ],
  targets: (input, at) => pathTarget(input.path ?? '.', at, 'read'),
  async run(input, context) {
    const asked = await locate(input.path ?? '.', context, 'read')
    const stat = await context.files.stat(asked)
    if (stat === null) throw new ToolError('not_found', `There is no file or folder ${shown(asked, context)}.`)
    const matches = input.glob === undefined ? null : globMatcher(input.glob)
    const folder = stat.kind === 'folder' ? asked : dirname(asked)
    const { stdout, stderr, droppedBytes, exitCode } = await ripgrep(searchArgs(input), asked, context)
    const found = foundLines(stdout).map((line) => ({ ...line, path: answeredPath(line.path, asked, context) }))
    const all = found.filter(({ path }) => matches === null || matches(relative(folder, path).replaceAll(sep, '/')))
    const { kept, capped } = await readableLines(all, input.maxMatches ?? 200, context)
    const lines = fitItems(
      kept.map((line) => ({ ...line })),
      context.outputBytes - 700,
    )
    const shownMatches = lines.filter(({ match }) => match)
    const files = new Set(shownMatches.map(({ path }) => path)).size
    const perPath = Map.groupBy(shownMatches, ({ path }) => path)
    const full = [...perPath.values()].some((ofOne) => ofOne.length >= perFile)
    const truncated = capped || lines.length < kept.length || droppedBytes > 0 || full
    const notes = [
      ...(truncated
        ? [
            `[Only the first ${count(shownMatches.length)} matches (at most ${perFile} of one file). Use a narrower pattern, path or glob for the others.]`,
          ]
        : []),
      ...(exitCode === 2 ? [`[Some files could not be searched: ${boundHead(stderr.trim(), 300)}]`] : []),
    ]
    const text = [shownMatches.length === 0 ? 'Nothing matches.' : worded(lines), ...notes].join('\n')
    return { output: { lines, matches: shownMatches.length, files, truncated }, text: boundHead(text, context.outputBytes) }
  },
})
