import { z } from 'zod'
import { boundHead, count, fitItems, headBytes } from '../bounds.ts'
import { PathInput, pathTarget } from '../locate.ts'
import { tool } from '../tool.ts'
import { words } from '../words.ts'
import { limitedTo, openRepository, Ref } from './git.ts'

const describe = words(import.meta.url)
const stdoutBytes = 2 * 1024 * 1024
const bodyBytes = 2000
const Line = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => !/[\0\n]/.test(text), 'Give one line.')
const inputs = z.strictObject({
  ref: Ref.optional().describe('Where to start: a branch, tag, commit or range (`main..HEAD`). Default HEAD.'),
  limit: z.int().min(1).max(200).optional().describe('Commits at most. Default 20.'),
  path: PathInput.optional().describe('Only commits that changed this file or folder.'),
  author: Line.optional().describe('Only commits whose author matches.'),
  since: Line.optional().describe('Only commits after this time, such as `2 weeks ago` or `2026-01-31`.'),
  search: Line.optional().describe('Only commits whose message contains this text.'),
})
const Commit = z.strictObject({ hash: z.string(), author: z.string(), email: z.string(), at: z.string(), subject: z.string(), body: z.string() })
type Commit = z.infer<typeof Commit>
const outputs = z.strictObject({ commits: z.array(Commit), truncated: z.boolean() })
const format = '--format=tformat:%H%x1f%an%x1f%ae%x1f%aI%x1f%s%x1f%b%x1e'

const parsed = (text: string): Commit[] =>
  text.split('\u001e').flatMap((record) => {
    const [hash, author, email, at, subject, body] = record.replace(/^\n/, '').split('\u001f')
    if (!hash || author === undefined || email === undefined || at === undefined || subject === undefined || body === undefined) return []
    return [{ hash, author, email, at, subject: headBytes(subject, bodyBytes), body: boundHead(body.trim(), bodyBytes) }]
  })

/** Lists commits, the newest first. */
export const log = tool({
  id: 'git.log',
  name: 'Git log',
  get description() {
    return describe()
  },
  inputs,
  outputs,
  permissions: ['git:read'],
  risk: 'read',
  repeatable: true,
  examples: ['git log', 'show the last 5 commits', 'who changed README.md?', 'commits since "2 weeks ago"', 'what did Ada commit?'],
  targets: (input, at) => pathTarget(input.path ?? '.', at, 'read'),
  async run(input, context) {
    const repository = await openRepository(context)
    const limit = input.limit ?? 20
    const filters = [
      ...(input.author === undefined ? [] : [`--author=${input.author}`]),
      ...(input.since === undefined ? [] : [`--since=${input.since}`]),
      ...(input.search === undefined ? [] : [`--grep=${input.search}`, '--fixed-strings', '--regexp-ignore-case']),
    ]
    const args = [
      'log',
      '--no-color',
      `--max-count=${limit + 1}`,
      format,
      ...filters,
      '--end-of-options',
      input.ref ?? 'HEAD',
      ...(await limitedTo(input.path, context)),
    ]
    const { stdout, droppedBytes } = await repository.git(args, stdoutBytes)
    const found = parsed(droppedBytes > 0 ? headBytes(stdout, stdoutBytes / 2 - 4096) : stdout)
    const commits = fitItems<Commit>(found.slice(0, limit), context.outputBytes - 500)
    const truncated = found.length > commits.length || droppedBytes > 0
    const lines = commits.map(
      ({ hash, author, at, subject, body }) =>
        `${hash.slice(0, 12)} ${at} ${author}: ${subject}${body === '' ? '' : `\n${body.replace(/^/gm, '    ')}`}`,
    )
    const notes = truncated ? [`[The newest ${count(commits.length)} commits; there are more.]`] : []
    const text = [...(lines.length === 0 ? ['No commit fits.'] : lines), ...notes].join('\n')
    return { output: { commits, truncated }, text: boundHead(text, context.outputBytes) }
  },
})
