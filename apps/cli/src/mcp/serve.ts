import { homedir } from 'node:os'
import path from 'node:path'
import { operations, type Outcome } from '@steward/contract/daemon'
import type { Sender } from '@steward/client'
import { anyChange, createCatalog, newsEvents, type Change, type McpPort } from '@steward/mcp'
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
  const catalog = createCatalog(operations, version())
  try {
    await serveStdio({
      port,
      catalog,
      folder: folderOf(process.cwd(), homeAt(home).path),
      stdin: io.stdin,
      stdout: io.stdout,
      changes: (signal) => changesOf(sender, newsEvents(catalog), signal),
      report: (error) => io.stderr.write(`${error.message}\n`),
    })
    await settled()
    return exitCodes.ok
  } finally {
    await sender.close()
  }
}
/**
 * The folder that calls of the host work in: the one it has started this program in. Programs of a desktop start theirs in / or in the user's home
 * folder, which says nothing; and Steward's own data is closed.
 */
function folderOf(cwd: string, stewardHome: string): string | undefined {
  const says = cwd !== path.parse(cwd).root && cwd !== homedir() && path.relative(stewardHome, cwd).startsWith('..')
  return says ? cwd : undefined
}
async function* changesOf(sender: Sender, names: readonly string[], signal: AbortSignal): AsyncGenerator<Change> {
  for await (const item of sender.events({ names }, signal)) {
    if ('event' in item) yield { name: item.event.name, data: item.event.data }
    if ('reset' in item) yield { name: anyChange, data: null }
  }
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
