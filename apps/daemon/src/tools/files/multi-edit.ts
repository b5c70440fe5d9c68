import { z } from 'zod'
import { PathInput, pathTarget } from '../locate.ts'
import { tool } from '../tool.ts'
import { words } from '../words.ts'
import { EditInput, editOutputs, previewEdits, runEdits } from './edit.ts'

const describe = words(import.meta.url)
const inputs = z.strictObject({
  path: PathInput.describe('The file to change.'),
  edits: z.array(EditInput).min(1).max(100).describe('The replacements, in order; each works on what the one before made.'),
})

/** Makes several exact replacements in one file, all or none. */
export const multiEdit = tool({
  id: 'files.multi_edit',
  name: 'Edit several places of a file',
  get description() {
    return describe()
  },
  inputs,
  outputs: editOutputs,
  permissions: ['files:write'],
  risk: 'write',
  repeatable: false,
  examples: [
    'make several replacements in config.yaml',
    'in main.ts replace "foo" with "bar" and "one" with "two"',
    'apply these edits to README.md at once',
  ],
  targets: (input, at) => pathTarget(input.path, at, 'write'),
  preview: (input, at) => previewEdits(input.path, input.edits, at),
  run: (input, context) => runEdits(input.path, input.edits, context),
})
