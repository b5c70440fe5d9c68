import { z } from 'zod'
import { readTool } from './tools.ts'
import type { ServerTool } from './tools.ts'

export const mostTools = 500
const mostPages = 100
/** One page of `tools/list`; what it holds is read one by one, so that a broken tool does not hide the others. */
export const toolsPage = z.object({ tools: z.array(z.unknown()), nextCursor: z.string().optional() })
type Page = z.infer<typeof toolsPage>

/** Follows the pages of a list as far as it is of use. `left`: how many were seen and not taken, at least. */
export async function listTools(ask: (params: { cursor?: string }) => Promise<Page>): Promise<{ tools: ServerTool[]; left: number }> {
  const tools: ServerTool[] = []
  const seen = new Set<string>()
  let left = 0
  let cursor: string | undefined
  for (let pages = 0; pages < mostPages; pages += 1) {
    const { tools: given, nextCursor } = await ask(cursor === undefined ? {} : { cursor })
    for (const each of given) {
      if (tools.length >= mostTools) return { tools, left: left + 1 }
      const tool = readTool(each)
      if (tool === undefined) left += 1
      else tools.push(tool)
    }
    if (nextCursor === undefined || seen.has(nextCursor)) break
    seen.add(nextCursor)
    cursor = nextCursor
  }
  return { tools, left }
}

/** Makes a function that does the work, one at a time, and once more when it was called meanwhile. `work` never rejects. */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running = false
  let again = false
  return async () => {
    again = true
    if (running) return
    running = true
    while (again) {
      again = false
      await work()
    }
    running = false
  }
}
