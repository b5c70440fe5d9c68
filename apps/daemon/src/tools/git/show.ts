import { z } from 'zod'
import { boundHead } from '../bounds.ts'
import { PathInput, pathTarget } from '../locate.ts'
import { tool, type ToolContext } from '../tool.ts'
import { words } from '../words.ts'
import { limitedTo, openRepository, plainDiff, Ref } from './git.ts'

const describe = words(import.meta.url)
const inputs = z.strictObject({
  ref: Ref.refine((ref) => !ref.includes(':'), 'Give the file as `path`, with `content`, not behind a colon.')
    .optional()
    .describe('The commit, branch or tag. Default HEAD.'),
  path: PathInput.optional().describe('Only this file or folder.'),
  content: z.boolean().optional().describe('The content that the file `path` had at that revision, instead of the change. Default false.'),
})
type Input = z.infer<typeof inputs>
const outputs = z.strictObject({ text: z.string(), truncated: z.boolean() })

const commandLine = async (
  { ref = 'HEAD', path, content }: Input,
  context: ToolContext,
  inside: (path: string) => Promise<string>,
): Promise<string[]> => {
  const what = ['show', ...plainDiff, '--no-show-signature']
  if (content === true && path !== undefined) return [...what, '--end-of-options', `${ref}:${await inside(path)}`]
  return [...what, '--stat=120', '--patch', '--format=fuller', '--end-of-options', ref, ...(await limitedTo(path, context))]
}

/** Shows a commit with its changes, or a file as it was. */
export const show = tool({
  id: 'git.show',
  name: 'Git show',
  get description() {
    return describe()
  },
  inputs: inputs.refine(({ content, path }) => content !== true || path !== undefined, {
    error: 'Name the file as `path` to see its content.',
    path: ['path'],
  }),
  outputs,
  permissions: ['git:read'],
  risk: 'read',
  repeatable: true,
  examples: ['git show HEAD', 'show the last commit', 'what did commit 1a2b3c4 change?', 'show README.md as it was in v1.0'],
  targets: (input, at) => pathTarget(input.path ?? '.', at, 'read'),
  async run(input, context) {
    const repository = await openRepository(context)
    const limit = context.outputBytes - 400
    const { stdout, droppedBytes } = await repository.git(await commandLine(input, context, repository.inside), limit)
    if (stdout.includes('\0')) return { output: { text: '', truncated: false }, text: 'The file is binary; it cannot be shown as text.' }
    const text = boundHead(stdout, limit)
    const truncated = droppedBytes > 0 || text.length < stdout.length
    return { output: { text, truncated }, text: `${text}${truncated ? '\n[There is more; limit it to a path.]' : ''}` }
  },
})
