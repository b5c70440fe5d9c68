import { z } from 'zod'
import { boundHead, fitItems } from '../bounds.ts'
import { tool, ToolError } from '../tool.ts'
import { words } from '../words.ts'

const describe = words(import.meta.url)
const Hit = z.strictObject({ id: z.string(), text: z.string(), tags: z.array(z.string()), updatedAt: z.string(), score: z.number() })

/** Searches the memories that the caller's agent and session may see. */
export const search = tool({
  id: 'memory.search',
  name: 'Search the memory',
  get description() {
    return describe()
  },
  inputs: z.strictObject({
    query: z.string().trim().min(1).max(1_000).describe('Words that the memory would hold.'),
    tags: z.array(z.string().trim().toLowerCase().min(1).max(64)).max(16).optional().describe('Tags that it must have, all of them.'),
    limit: z.int().min(1).max(50).default(10).describe('How many at most.'),
  }),
  outputs: z.strictObject({ memories: z.array(Hit), total: z.int() }),
  permissions: ['memory:read'],
  risk: 'read',
  repeatable: true,
  inSession: true,
  examples: ['what do you remember about the demo?', 'search your memory for deployment', 'what did I say about tabs?'],
  targets: async () => [],
  async run(input, { memory, outputBytes }) {
    if (!memory) throw new ToolError('refused', 'There is no memory here; it belongs to sessions.')
    const found = await memory.search(input)
    const memories = found.map(({ id, text, tags, updatedAt, score }) => ({ id, text, tags: [...tags], updatedAt, score }))
    const lines = memories.map(
      ({ id, text, tags, updatedAt }) => `${id} ${updatedAt.slice(0, 10)}${tags.length > 0 ? ` [${tags.join(', ')}]` : ''}\n${text}`,
    )
    return {
      output: { memories: fitItems(memories, outputBytes - 200), total: memories.length },
      text: lines.length === 0 ? 'Nothing about that is remembered.' : boundHead(lines.join('\n\n'), outputBytes),
    }
  },
})
