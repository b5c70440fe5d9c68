import { z } from 'zod'
import type { FileChange } from '../diff-text.ts'
import { unifiedDiff } from '../diff-text.ts'
import { explained, type Place, shown } from '../locate.ts'
import { decodeText } from '../text-file.ts'
import { type Files, tool, ToolError } from '../tool.ts'
import { words } from '../words.ts'
import { type Content, patchParts, patchPaths, type PatchPlan, type PlannedFile, planPatch } from './patch-plan.ts'

const describe = words(import.meta.url)
const inputs = z.strictObject({
  patch: z
    .string()
    .min(1)
    .max(5_000_000)
    .describe('A unified diff over one or several files, as `git diff` writes it. Paths are relative to the working folder.'),
})
const outputs = z.strictObject({
  files: z.array(z.strictObject({ action: z.enum(['add', 'update', 'delete', 'rename']), path: z.string(), newPath: z.string().optional() })),
  notes: z.array(z.string()),
})

const sentence = { add: 'add', update: 'update', delete: 'delete', rename: 'rename' } as const
const listed = ({ done }: PatchPlan): string =>
  done.map(({ action, path, newPath }) => `${sentence[action]} ${path}${newPath === undefined ? '' : ` to ${newPath}`}`).join('\n')

const comparable = (content: Content): string | null => (content === null ? null : (decodeText(content)?.text ?? '[binary]\n'))

const put = (files: Files, file: string, content: Content): Promise<void> => (content === null ? files.remove(file) : files.write(file, content))

/** Writes all files of a plan. When one fails, those written before get their old content back, and the failure says so. */
const carryOut = async (planned: readonly PlannedFile[], at: Place): Promise<void> => {
  const written: PlannedFile[] = []
  try {
    for (const file of planned) {
      if (file.before === null && file.after === null) continue
      await explained(`write ${shown(file.file, at)}`, () => put(at.files, file.file, file.after))
      written.push(file)
    }
  } catch (error) {
    const lost: string[] = []
    for (const { file, before } of written.toReversed()) {
      try {
        await put(at.files, file, before)
      } catch {
        lost.push(shown(file, at))
      }
    }
    const why = error instanceof Error ? error.message : String(error)
    const state = lost.length === 0 ? 'All files are as they were.' : `These could not be put back and are changed: ${lost.join(', ')}.`
    throw new ToolError('failed', `The patch was not applied. ${why} ${state}`, { cause: error })
  }
}

/** Applies a unified diff over several files: all of it or nothing. */
export const patch = tool({
  id: 'files.patch',
  name: 'Apply a patch',
  get description() {
    return describe()
  },
  inputs,
  outputs,
  permissions: ['files:write'],
  risk: 'write',
  repeatable: false,
  examples: ['apply this patch', 'apply the unified diff to the source files', 'patch the files with this diff'],
  async targets(input, at) {
    const paths = await patchPaths(patchParts(input.patch), at)
    return paths.map((path) => ({ kind: 'path', path, access: 'write' }) as const)
  },
  async preview(input, at) {
    const plan = await planPatch(patchParts(input.patch), at)
    const changes: FileChange[] = plan.files.map(({ file, before, after }) => ({
      path: shown(file, at),
      before: comparable(before),
      after: comparable(after),
    }))
    return { diff: unifiedDiff(changes), summary: `Apply a patch: ${listed(plan).replaceAll('\n', ', ')}` }
  },
  async run(input, context) {
    const parts = patchParts(input.patch)
    const plan = await planPatch(parts, context)
    await carryOut(plan.files, context)
    const modes = parts.some(({ patch: part }) => part.newMode !== undefined && !part.newMode.endsWith('644'))
    const notes = modes ? ['File modes named in the patch were not applied.'] : []
    return { output: { files: plan.done.map((entry) => ({ ...entry })), notes }, text: [`Applied the patch:\n${listed(plan)}`, ...notes].join('\n') }
  },
})
