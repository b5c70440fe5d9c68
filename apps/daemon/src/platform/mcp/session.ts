import path from 'node:path'
import type { CallToolResult, Client, Progress, Tool as ListedTool } from '@modelcontextprotocol/client'
import type { Json } from '../../engine/types.ts'
import { ToolError } from '../../tools/tool.ts'
import type { ToolContext } from '../../tools/tool.ts'
import type { Authorization } from './authorization.ts'
import { failureOf, isClosed, isTimeout, McpFailure } from './failures.ts'
import type { McpLibrary } from './failures.ts'
import { watchHealth } from './health.ts'
import { createHttpLink } from './http-link.ts'
import { listTools, mostTools, toolsPage } from './list-tools.ts'
import { libraryValidator } from './schemas.ts'
import type { Link } from './stdio-transport.ts'
import { createStdioLink } from './stdio-transport.ts'
import type { ServerTool } from './tools.ts'
import type { McpAppConfig, McpLimits, McpPorts } from './types.ts'

const listChangedMs = 200
/** Lines of log for errors of one session; a server that errs without end is not told of without end. */
const mostErrors = 20

/** One connection that works, until it is over. */
export interface Session {
  /** Settles when it is over, with why. Never rejects. */
  readonly over: Promise<McpFailure>
  list(): Promise<readonly ServerTool[]>
  call(tool: ServerTool, input: { readonly [key: string]: Json }, context: ToolContext): Promise<CallToolResult>
  /** Never rejects. */
  close(): Promise<void>
}
export interface SessionDeps {
  readonly config: McpAppConfig
  readonly ports: McpPorts
  readonly limits: McpLimits
  readonly authorization: Authorization | null
  /** The server says that its tools changed. */
  onTools(): void
}
type Era = 'legacy' | 'modern'
/** The newest revision of the protocol; older ones begin with `initialize`. */
const modernRevision = '2026-07-28'

/**
 * Connects to the server: by `initialize`, which every server of today answers, and where one refuses that, by the revision without it. Throws
 * McpFailure with a sentence, also after `startMs` without an answer, and the signal's reason when it is aborted. What was started is ended then.
 */
export async function openSession(deps: SessionDeps, signal: AbortSignal): Promise<Session> {
  const lib = await import('@modelcontextprotocol/client')
  try {
    return await connect(lib, 'legacy', deps, signal)
  } catch (error) {
    signal.throwIfAborted()
    const refused = lib.ProtocolError.isInstance(error) || (lib.SdkHttpError.isInstance(error) && error.status === 400)
    if (!refused) throw failureOf(lib, error, deps.config.name)
    return await connect(lib, 'modern', deps, signal).catch(() => {
      signal.throwIfAborted()
      throw failureOf(lib, error, deps.config.name)
    })
  }
}

async function openLink(lib: McpLibrary, { config, ports, authorization }: SessionDeps): Promise<Link> {
  const { server } = config
  if (server.kind === 'http') {
    const own = Object.keys(server.headers).some((name) => name.toLowerCase() === 'authorization')
    return createHttpLink(lib, server, ports, own ? null : (authorization?.provider(lib) ?? null))
  }
  const { command, args, env, cwd, writable, sandbox } = server
  const named = args.filter((one) => path.isAbsolute(one))
  const child = await ports.spawn({ command: [command, ...args], cwd, env, writable, network: true, named }, sandbox)
  return createStdioLink(child, lib.deserializeMessage, (text) => ports.log({ appId: config.id, text }))
}

async function connect(lib: McpLibrary, era: Era, deps: SessionDeps, signal: AbortSignal): Promise<Session> {
  const { config, ports, limits } = deps
  const link = await openLink(lib, deps)
  const client = new lib.Client(
    { name: 'steward', version: ports.version },
    {
      jsonSchemaValidator: libraryValidator(ports.schemaCheck, config.trusted),
      listChanged: { tools: { autoRefresh: false, debounceMs: listChangedMs, onChanged: () => deps.onTools() } },
      ...(era === 'modern' ? { versionNegotiation: { mode: { pin: modernRevision } } } : {}),
    },
  )
  let errors = 0
  const over = Promise.withResolvers<McpFailure>()
  /** Told of each error once the session is there. */
  let heard = (): void => undefined
  Object.assign(client, {
    onerror(error: Error) {
      if ((errors += 1) <= mostErrors) ports.log({ appId: config.id, text: `[${error.message.slice(0, 500)}]` })
      heard()
    },
    onclose: () => over.resolve(new McpFailure('failed', link.why() ?? 'The connection to the server was lost.')),
  })
  try {
    await client.connect(link.transport, { timeout: limits.startMs, signal })
    signal.throwIfAborted()
  } catch (error) {
    await link.close()
    const why = link.why()
    throw why === null ? error : new McpFailure('failed', why, { cause: error })
  }
  const { session, health } = sessionOf(lib, client, link, over, deps)
  // A child says by its end that it is gone; a server over HTTP must be asked.
  if (config.server.kind === 'http') heard = () => health.now()
  return session
}

function sessionOf(lib: McpLibrary, client: Client, link: Link, over: PromiseWithResolvers<McpFailure>, deps: SessionDeps) {
  const { config, ports, limits, authorization } = deps
  let calls = 0
  const end = (reason: unknown): void => {
    over.resolve(failureOf(lib, reason, config.name))
    // What waits for an answer fails with it, at once.
    void client.close().catch(() => undefined)
  }
  const ping = () => (client.getProtocolEra() === 'modern' ? client.discover({ timeout: limits.pingMs }) : client.ping({ timeout: limits.pingMs }))
  const health = watchHealth({
    everyMs: limits.pingEveryMs,
    async ping() {
      try {
        await ping()
      } catch (error) {
        // An error that the server answered is a sign of life; a long call may keep one from answering.
        if (lib.ProtocolError.isInstance(error) || (calls > 0 && isTimeout(lib, error))) return
        end(error)
      }
    },
  })
  void over.promise.then(() => health.stop())

  let closing: Promise<void> | undefined
  const session: Session = {
    over: over.promise,
    async list() {
      if (!client.getServerCapabilities()?.tools) return []
      try {
        const { tools, left } = await listTools((params) => client.request({ method: 'tools/list', params }, toolsPage, { timeout: limits.startMs }))
        if (left > 0) ports.log({ appId: config.id, text: `[tools were left out: they cannot be read, or are more than ${mostTools}]` })
        return tools
      } catch (error) {
        throw isClosed(lib, error) ? await over.promise : failureOf(lib, error, config.name)
      }
    },
    async call(tool, input, context) {
      calls += 1
      try {
        return await client.callTool(
          { name: tool.name, arguments: { ...input }, _meta: { 'steward/callId': context.callId } },
          {
            signal: context.signal,
            timeout: config.timeoutMs,
            onprogress: (progress) => context.progress(progressWords(progress)),
            toolDefinition: definitionOf(tool),
          },
        )
      } catch (error) {
        context.signal.throwIfAborted()
        throw await callError(error, tool)
      } finally {
        calls -= 1
      }
    },
    close() {
      over.resolve(new McpFailure('failed', 'It was ended by Steward.'))
      return (closing ??= link.close())
    },
  }
  return { session, health }

  async function callError(error: unknown, tool: ServerTool): Promise<ToolError> {
    const { name, timeoutMs } = config
    if (isTimeout(lib, error)) return new ToolError('timed_out', `${name} did not answer "${tool.name}" within ${timeoutMs} ms.`, { cause: error })
    if (lib.InsufficientScopeError.isInstance(error)) authorization?.needsScope(error.requiredScope)
    const needed = failureOf(lib, error, config.name)
    if (needed.state === 'needs_authorization') {
      end(error)
      return new ToolError('failed', `${name}: ${needed.message}`, { cause: error })
    }
    if (isClosed(lib, error)) {
      const why = (await over.promise).message
      return new ToolError('failed', `The server of ${name} went away while "${tool.name}" was under way, so its outcome is unknown. ${why}`, {
        cause: error,
      })
    }
    return new ToolError('failed', `${name} could not do "${tool.name}": ${needed.message}`, { cause: error })
  }
}

const definitionOf = ({ name, inputSchema, outputSchema }: ServerTool): ListedTool => ({
  name,
  inputSchema: { ...inputSchema, type: 'object' },
  ...(outputSchema === undefined ? {} : { outputSchema: { ...outputSchema } }),
})
const progressWords = ({ progress, total, message }: Progress): string =>
  (message ?? (total === undefined ? String(progress) : `${progress} of ${total}`)).slice(0, 1000)
