import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '@steward/contract'
import { ToolError } from '../../tools/tool.ts'
import type { Tool } from '../../tools/tool.ts'
import { createAuthorization } from './authorization.ts'
import { McpFailure } from './failures.ts'
import { oneAtATime } from './list-tools.ts'
import { answerOf } from './result.ts'
import { openSession } from './session.ts'
import type { Session, SessionDeps } from './session.ts'
import { stewardTools } from './tools.ts'
import type { Carry, ServerTool } from './tools.ts'
import { mcpLimits } from './types.ts'
import type { McpAppConfig, McpConnection, McpLimits, McpPorts, McpState } from './types.ts'

const stoppedWords = 'It is stopped.'

/**
 * Connects to an MCP server and keeps it: what crashes or is lost is begun again after 0.5, 1, 2, … 30 s. Returns at once; nothing of the
 * protocol is loaded before. Failures are states, not errors.
 */
export function connectMcp(config: McpAppConfig, ports: McpPorts, limits: McpLimits = mcpLimits): McpConnection {
  const { id, name, server } = config
  const authorization = server.kind === 'http' ? createAuthorization(config, server, ports) : null
  let now: { readonly state: McpState; readonly message: string | null } = { state: 'starting', message: null }
  let settling = Promise.withResolvers<void>()
  let tools: readonly Tool[] = []
  let session: Session | null = null
  let closed = false
  let told: string | null = null

  const announce = (): void => {
    try {
      ports.changed(id)
    } catch (error) {
      ports.report(error, { appId: id })
    }
  }
  const become = (state: McpState, message: string | null): void => {
    if (now.state === state && now.message === message) return
    const settled = now.state !== 'starting'
    now = { state, message }
    if (state === 'starting' && settled) settling = Promise.withResolvers()
    announce()
    if (state !== 'starting') settling.resolve()
  }
  const tell = (failure: McpFailure): void => {
    // A server that dies every 30 s is told of once.
    if (failure.state === 'failed' && failure.message !== told) ports.report(failure, { appId: id })
    told = failure.message
  }

  const carry: Carry = async (tool, input, context) => {
    if (now.state === 'starting') await orAborted(settling.promise, context.signal)
    context.signal.throwIfAborted()
    if (session === null) throw new ToolError('failed', `${name} is not there now. ${now.message ?? ''}`.trim())
    return answerOf(await session.call(tool, input, context), context.outputBytes)
  }
  let listedLast = ''
  const take = (listed: readonly ServerTool[]): void => {
    const text = JSON.stringify(listed)
    if (text === listedLast) return
    listedLast = text
    tools = stewardTools(config, listed, ports.schemaCheck, carry)
  }

  /** One life of the connection; resolves with why it is over and how long it was ready. Throws only when stopped. */
  const live = async (stop: AbortSignal): Promise<{ failure: McpFailure; readyMs: number }> => {
    let mine: Session | null = null
    const refresh = oneAtATime(async () => {
      try {
        const listed = await mine?.list()
        if (mine === null || listed === undefined) return
        take(listed)
        announce()
      } catch (error) {
        if (mine !== null) ports.report(error, { appId: id })
      }
    })
    const deps: SessionDeps = { config, ports, limits, authorization, onTools: () => void refresh() }
    let readyAt: number | null = null
    try {
      const opened = await openSession(deps, stop)
      mine = opened
      const stopped = () => void opened.close()
      stop.addEventListener('abort', stopped, { once: true })
      if (stop.aborted) stopped()
      try {
        take(await opened.list())
        stop.throwIfAborted()
        session = opened
        readyAt = performance.now()
        become('ready', null)
        const failure = await opened.over
        return { failure, readyMs: performance.now() - readyAt }
      } finally {
        stop.removeEventListener('abort', stopped)
        mine = null
        session = null
        await opened.close()
      }
    } catch (error) {
      stop.throwIfAborted()
      const failure =
        error instanceof McpFailure ? error : new McpFailure('failed', error instanceof Error ? error.message : String(error), { cause: error })
      return { failure, readyMs: 0 }
    }
  }
  const keep = async (stop: AbortSignal): Promise<void> => {
    let backoffMs = limits.firstBackoffMs
    while (!stop.aborted) {
      become('starting', null)
      const { failure, readyMs } = await live(stop)
      if (stop.aborted) return
      if (readyMs >= limits.healthyMs) {
        backoffMs = limits.firstBackoffMs
        told = null
      }
      tell(failure)
      if (failure.state === 'needs_authorization') return become('needs_authorization', failure.message)
      become('failed', failure.message)
      await delay(backoffMs, undefined, { signal: stop, ref: false })
      backoffMs = Math.min(backoffMs * 2, limits.longestBackoffMs)
    }
  }
  const begin = () => {
    const stop = new AbortController()
    const done = keep(stop.signal).catch((error: unknown) => {
      if (!stop.signal.aborted) ports.report(error, { appId: id })
    })
    return { stop, done }
  }
  let run = begin()
  const halt = async (): Promise<void> => {
    const { stop, done } = run
    stop.abort(new Error(stoppedWords))
    await done
  }
  // One after another, so that there is never more than one life.
  let last: Promise<void> = Promise.resolve()
  const inTurn = (work: () => Promise<void>): Promise<void> => (last = last.then(work))
  const authorizing = () => {
    if (authorization === null) throw new Fault('unprocessable', `${name} is a program on this computer and asks for no authorization.`)
    return authorization
  }
  const connection: McpConnection = {
    id,
    state: () => now,
    tools: () => tools,
    settled: () => (now.state === 'starting' ? settling.promise : Promise.resolve()),
    async restart() {
      await inTurn(async () => {
        if (closed) return
        await halt()
        run = begin()
      })
      await connection.settled()
    },
    async authorize() {
      const oauth = authorizing()
      await connection.settled()
      if (!oauth.wanted()) throw new Fault('unprocessable', `${name} asks for no authorization.`)
      return oauth.begin()
    },
    async authorized(code, state, iss) {
      await authorizing().finish(code, state, iss)
      await connection.restart()
    },
    async close() {
      closed = true
      await inTurn(async () => {
        if (now.state === 'stopped') return
        await halt()
        take([])
        become('stopped', stoppedWords)
      })
    },
  }
  return connection
}

function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('Cancelled.'))
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
