import { operations, registryEvents, type Outcome } from '@steward/contract/daemon'
import type { StreamItem } from '@steward/contract'
import type { Sender } from '@steward/client'
import { createCatalog, type McpPort } from '@steward/mcp'
import { serveStdio } from '@steward/mcp/stdio'
import { ensureDaemon } from '../daemon/ensure.ts'
import { exitCodes } from '../exit-codes.ts'
import { homeAt } from '../home.ts'
import type { Io } from '../io.ts'
import { version } from '../version.ts'

/** What calls have under way when the host goes is waited for so long: the daemon is told to cancel it. Milliseconds. */
const partingMs = 2_000

/** Serves one MCP host over standard input and output, as the owner, with the daemon of this machine. Ends with its input. Whatever there is to say goes to stderr. */
export async function serveMcp({ home }: { readonly home?: string }, io: Io): Promise<number> {
  const { sender } = await ensureDaemon(homeAt(home), {}, () => io.stderr.write('Steward is not running: starting it.\n'))
  const { port, settled } = portOf(sender)
  try {
    await serveStdio({
      port,
      catalog: createCatalog(operations, version()),
      stdin: io.stdin,
      stdout: io.stdout,
      changes: (signal) => changesOf(sender, signal),
      report: (error) => io.stderr.write(`${error.message}\n`),
    })
    await settled()
    return exitCodes.ok
  } finally {
    await sender.close()
  }
}
async function* changesOf(sender: Sender, signal: AbortSignal): AsyncGenerator<StreamItem> {
  for await (const item of sender.events({ names: [...registryEvents] }, signal)) if ('event' in item || 'reset' in item) yield item
}
/** The owner's way to the daemon, and a way to wait for what is under way. */
function portOf(sender: Sender): { readonly port: McpPort; settled(): Promise<void> } {
  const underWay = new Set<Promise<unknown>>()
  const ask = (name: string, input: unknown, signal?: AbortSignal): Promise<unknown> => {
    const answer = sender.call(name, input, signal ? { signal } : {})
    const kept = answer.catch(() => undefined).finally(() => underWay.delete(kept))
    underWay.add(kept)
    return answer
  }
  return {
    port: {
      may: () => true,
      call: (name, input, { signal } = {}) => ask(name, input, signal),
      outcome: async (id, waitMs, signal) => (await ask('executions.wait', { id, waitMs }, signal)) as Outcome,
      async cancel(id) {
        await ask('executions.cancel', { id })
      },
    },
    async settled() {
      const late = new Promise<void>((resolve) => setTimeout(resolve, partingMs).unref())
      // What is cancelled asks once more, to have it cancelled.
      await new Promise((resolve) => setImmediate(resolve))
      while (underWay.size > 0) if (await Promise.race([Promise.all(underWay).then(() => false), late.then(() => true)])) return
    },
  }
}
