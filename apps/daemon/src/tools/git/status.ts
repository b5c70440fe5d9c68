import { z } from 'zod'
import { boundHead, count, fitItems } from '../bounds.ts'
import { pathTarget } from '../locate.ts'
import { tool } from '../tool.ts'
import { words } from '../words.ts'
import { openRepository } from './git.ts'

const describe = words(import.meta.url)
const stdoutBytes = 4 * 1024 * 1024
const Entry = z.strictObject({
  path: z.string().describe('Relative to the top of the repository.'),
  index: z.string().describe('What is staged: M, A, D, R, C, U, ? or a blank.'),
  worktree: z.string().describe('What is not: the same letters.'),
  from: z.string().optional().describe('The old name of a renamed file.'),
})
interface ChangedFile {
  [key: string]: string
  path: string
  index: string
  worktree: string
}
const outputs = z.strictObject({
  branch: z.string().nullable(),
  head: z.string().nullable().describe('Null before the first commit.'),
  upstream: z.string().nullable(),
  ahead: z.int(),
  behind: z.int(),
  entries: z.array(Entry),
  total: z.int(),
  truncated: z.boolean(),
})

const letters = (pair: string) => ({ index: (pair[0] ?? ' ').replace('.', ' '), worktree: (pair[1] ?? ' ').replace('.', ' ') })

/** Reads `git status --porcelain=v2 --branch -z` (git-status(1), "Porcelain Format Version 2"). */
export const parsedStatus = (text: string) => {
  const about = new Map<string, string>()
  const entries: ChangedFile[] = []
  const records = text.split('\0')
  for (let at = 0; at < records.length; at++) {
    const record = records[at] ?? ''
    const fields = record.split(' ')
    const pathFrom = (field: number) => fields.slice(field).join(' ')
    if (record.startsWith('# ')) about.set(fields[1] ?? '', pathFrom(2))
    else if (record.startsWith('1 ')) entries.push({ path: pathFrom(8), ...letters(fields[1] ?? '') })
    else if (record.startsWith('2 ')) entries.push({ path: pathFrom(9), ...letters(fields[1] ?? ''), from: records[++at] ?? '' })
    else if (record.startsWith('u ')) entries.push({ path: pathFrom(10), ...letters(fields[1] ?? '') })
    else if (record.startsWith('? ')) entries.push({ path: pathFrom(1), index: '?', worktree: '?' })
  }
  const [ahead = 0, behind = 0] = (about.get('branch.ab') ?? '').split(' ').map((number) => Math.abs(Number(number)))
  const [head, branch] = [about.get('branch.oid') ?? '(initial)', about.get('branch.head') ?? '(detached)']
  return {
    branch: branch === '(detached)' ? null : branch,
    head: head === '(initial)' ? null : head,
    upstream: about.get('branch.upstream') ?? null,
    ahead,
    behind,
    entries,
  }
}

const headline = ({ branch, head, upstream, ahead, behind }: ReturnType<typeof parsedStatus>): string => {
  const where =
    branch === null ? `No branch, at ${head?.slice(0, 12) ?? 'no commit'}` : `On branch ${branch}${head === null ? ', no commit yet' : ''}`
  return upstream === null ? where : `${where}, ${ahead} ahead of and ${behind} behind ${upstream}`
}

/** Tells the branch and the changed files of the repository. */
export const status = tool({
  id: 'git.status',
  name: 'Git status',
  get description() {
    return describe()
  },
  inputs: z.strictObject({}),
  outputs,
  permissions: ['git:read'],
  risk: 'read',
  repeatable: true,
  examples: ['git status', 'which files did I change?', 'what is not committed yet?', 'which branch am I on?'],
  targets: (_input, at) => pathTarget('.', at, 'read'),
  async run(_input, context) {
    const repository = await openRepository(context)
    const { stdout, droppedBytes } = await repository.git(
      ['status', '--porcelain=v2', '--branch', '-z', '--untracked-files=normal', '--ignore-submodules=all'],
      stdoutBytes,
    )
    const found = parsedStatus(stdout)
    const entries = fitItems(found.entries, context.outputBytes - 1000)
    const truncated = droppedBytes > 0 || entries.length < found.entries.length
    const lines = entries.map(({ path, index, worktree, from }) => `${index}${worktree} ${from === undefined ? '' : `${from} -> `}${path}`)
    const notes = truncated ? [`[${count(entries.length)} of ${count(found.entries.length)}${droppedBytes > 0 ? ' or more' : ''} changed files]`] : []
    const text = [headline(found), ...(lines.length === 0 ? ['Nothing is changed.'] : lines), ...notes].join('\n')
    return { output: { ...found, entries, total: found.entries.length, truncated }, text: boundHead(text, context.outputBytes) }
  },
})
