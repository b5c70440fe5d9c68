import { z } from 'zod'
import { boundHead } from '../bounds.ts'
import { PathInput, pathTarget } from '../locate.ts'
import { tool } from '../tool.ts'
import { words } from '../words.ts'
import { limitedTo, openRepository, plainDiff, Ref } from './git.ts'

const describe = words(import.meta.url)
const inputs = z
  .strictObject({
    staged: z.boolean().optional().describe('What is staged instead of what is not. Default false.'),
    from: Ref.optional().describe('Compare with this revision.'),
    to: Ref.optional().describe('Compare `from` with this revision instead of the working folder.'),
    path: PathInput.optional().describe('Only this file or folder.'),
    contextLines: z.int().min(0).max(50).optional().describe('Unchanged lines around a change. Default 3.'),
    summary: z.boolean().optional().describe('Only the names and the counts of lines. Default false.'),
  })
  .refine(({ from, to }) => to === undefined || from !== undefined, { error: 'Give `from` too: `to` alone says nothing.', path: ['to'] })
  .refine(({ staged, to }) => staged !== true || to === undefined, {
    error: '`staged` compares with the staged files; leave `to` out.',
    path: ['staged'],
  })
const outputs = z.strictObject({ diff: z.string(), truncated: z.boolean() })

/** Shows changes: not staged, staged, against a revision, or between two. */
export const diff = tool({
  id: 'git.diff',
  name: 'Git diff',
  get description() {
    return describe()
  },
  inputs,
  outputs,
  permissions: ['git:read'],
  risk: 'read',
  repeatable: true,
  examples: ['git diff', 'show my changes', 'what is staged?', 'diff between main and HEAD', 'what changed in src/app.ts?'],
  targets: (input, at) => pathTarget(input.path ?? '.', at, 'read'),
  async run(input, context) {
    const repository = await openRepository(context)
    const options = [`--unified=${input.contextLines ?? 3}`, '--ignore-submodules=all', '--src-prefix=a/', '--dst-prefix=b/', '--no-relative']
    const revisions = [input.from, input.to].filter((ref) => ref !== undefined)
    const what = [...(input.staged === true ? ['--cached'] : []), ...(input.summary === true ? ['--stat=120'] : []), '--end-of-options', ...revisions]
    const limit = context.outputBytes - 400
    const { stdout, droppedBytes } = await repository.git(
      ['diff', ...plainDiff, ...options, ...what, ...(await limitedTo(input.path, context))],
      limit,
    )
    const text = boundHead(stdout, limit)
    const truncated = droppedBytes > 0 || text.length < stdout.length
    const note = truncated ? '\n[The diff is longer; limit it to a path, or ask for a summary.]' : ''
    return { output: { diff: text, truncated }, text: stdout === '' ? 'There is no difference.' : `${text}${note}` }
  },
})
