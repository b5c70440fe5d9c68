import type { InputOf } from '../../platform/daemon.ts'
import { workflows as words } from '../../text/workflows.ts'

/** A workflow that works in any folder and only reads. */
export const exampleWorkflow: InputOf<'workflows.save'> = {
  name: words.exampleName,
  description: words.exampleAbout,
  inputs: {
    type: 'object',
    properties: { pattern: { type: 'string', minLength: 1, description: words.examplePattern, default: '*' } },
    required: ['pattern'],
    additionalProperties: false,
  },
  permissions: ['files:read'],
  steps: [
    { id: 'find', toolId: 'files.glob', inputs: { pattern: '{{ inputs.pattern }}' } },
    {
      id: 'heads',
      toolId: 'files.read',
      forEach: { in: 'steps.find.outputs.files', limit: 50 },
      inputs: { path: '{{ item }}', lineCount: 1 },
      onError: 'continue',
    },
  ],
}
