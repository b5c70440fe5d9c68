import { z } from 'zod'
import { count } from '../bounds.ts'
import { unifiedDiff } from '../diff-text.ts'
import { explained, locate, PathInput, type Place, pathTarget, readText, shown } from '../locate.ts'
import { encodeText } from '../text-file.ts'
import { tool } from '../tool.ts'
import { words } from '../words.ts'
import { applyEdits, type Edit } from './edits.ts'

const describe = words(import.meta.url)
export const EditInput = z.strictObject({
  oldText: z
    .string()
    .max(1_000_000)
    .describe('The exact text to replace, with its spaces and indentation. Must occur once unless replaceAll is set.'),
  newText: z.string().max(1_000_000).describe('What to put in its place. Empty to delete.'),
  replaceAll: z.boolean().optional().describe('Replace every occurrence. Default false.'),
})
const inputs = z.strictObject({ path: PathInput.describe('The file to change.'), ...EditInput.shape })
export const editOutputs = z.strictObject({ path: z.string(), replaced: z.int().describe('How many places were changed.'), bytes: z.int() })

/** Works out what edits make of a file, without writing. Throws ToolError when one of them does not fit. */
const plannedEdits = async (path: string, edits: readonly Edit[], at: Place) => {
  const file = await locate(path, at, 'write')
  const before = await readText(file, at)
  return { file, path: shown(file, at), before, ...applyEdits(before.text, edits, shown(file, at)) }
}

/** The diff that edits of one file would make. */
export const previewEdits = async (path: string, edits: readonly Edit[], at: Place) => {
  const plan = await plannedEdits(path, edits, at)
  const diff = unifiedDiff([{ path: plan.path, before: plan.before.text, after: plan.text }])
  return { diff, summary: `Change ${plan.replaced === 1 ? 'one place' : `${count(plan.replaced)} places`} in ${plan.path}` }
}

/** Carries edits of one file out: all of them, in one write, or none. */
export const runEdits = async (path: string, edits: readonly Edit[], at: Place) => {
  const plan = await plannedEdits(path, edits, at)
  const bytes = encodeText(plan.text, plan.before)
  await explained(`write ${plan.path}`, () => at.files.write(plan.file, bytes))
  return {
    output: { path: plan.path, replaced: plan.replaced, bytes: bytes.length },
    text: `Changed ${plan.replaced === 1 ? 'one place' : `${count(plan.replaced)} places`} in ${plan.path}.`,
  }
}

/** Replaces one exact text in a file. */
export const edit = tool({
  id: 'files.edit',
  name: 'Edit a file',
  get description() {
    return describe()
  },
  inputs,
  outputs: editOutputs,
  permissions: ['files:write'],
  risk: 'write',
  repeatable: false,
  examples: [
    'replace "teh" with "the" in notes.txt',
    'change "port: 80" to "port: 8080" in config.yaml',
    'in README.md put "Steward" instead of "Stuart" everywhere',
  ],
  targets: (input, at) => pathTarget(input.path, at, 'write'),
  preview: ({ path, ...one }, at) => previewEdits(path, [one], at),
  run: ({ path, ...one }, context) => runEdits(path, [one], context),
})
