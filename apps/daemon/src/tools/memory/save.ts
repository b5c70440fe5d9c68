import { z } from 'zod'
import { tool, ToolError } from '../tool.ts'
import { words } from '../words.ts'

const describe = words(import.meta.url)
const scopes = { global: 'for every agent', agent: 'for this agent, in all its sessions', session: 'for this session only' } as const
const mostShown = 2_000

/** Saves a memory of the caller's own agent or session, or a global one. */
export const save = tool({
  id: 'memory.save',
  name: 'Remember',
  get description() {
    return describe()
  },
  inputs: z.strictObject({
    text: z.string().min(1).max(20_000).regex(/\S/, 'must hold a word').describe('What to remember, in words that stand alone.'),
    kind: z.enum(['note', 'fact', 'document']).default('note').describe('A fact is one short sentence that holds until it changes.'),
    tags: z.array(z.string().trim().toLowerCase().min(1).max(64)).max(16).default([]).describe('A few words to find it by, such as the project.'),
    scope: z.enum(['global', 'agent', 'session']).default('agent').describe('Where it will be found again.'),
  }),
  outputs: z.strictObject({ id: z.string(), tags: z.array(z.string()), merged: z.boolean() }),
  permissions: ['memory:write'],
  risk: 'write',
  repeatable: true,
  inSession: true,
  examples: ['remember that I prefer tabs', 'keep in mind that the demo is on Friday', 'save this decision to memory'],
  targets: async () => [],
  preview: async ({ text, scope }) => ({ summary: `Remember ${scopes[scope]}: ${text.slice(0, mostShown).toWellFormed()}` }),
  async run(input, { memory }) {
    if (!memory) throw new ToolError('refused', 'There is no memory here; it belongs to sessions.')
    const { id, tags, merged } = await memory.save(input)
    return { output: { id, tags: [...tags], merged }, text: merged ? `That was remembered already, as ${id}.` : `Remembered as ${id}.` }
  },
})
