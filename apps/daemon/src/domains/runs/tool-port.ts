import type { Agent, PermissionMode, Question } from '@steward/contract/daemon'
import type { CallOutcome, Json, PreparedCall, ToolCallPart, ToolDescription } from '../../engine/types.ts'
import { newId } from '../../platform/ids.ts'
import { notAsApproved } from '../../tools/permissions/approved.ts'
import { repairCall } from '../../tools/repair.ts'
import { ToolError, type Target, type Tool, type ToolContext } from '../../tools/tool.ts'
import { asJson } from './history.ts'
import type { RunDeps, SessionRecordPort } from './ports.ts'
import type { RunRecord } from './store.ts'
import type { Waits } from './waits.ts'

interface Surroundings {
  session(): SessionRecordPort
  agent(): Agent
  mode(): PermissionMode
  readonly waits: Waits
  /** Says that the run does nothing but wait for a person. */
  pause(paused: boolean): void
}
const matches = (patterns: readonly string[], id: string) =>
  patterns.some((pattern) => pattern === '*' || pattern === id || (pattern.endsWith('.*') && id.startsWith(pattern.slice(0, -1))))
const targetName = (target: Target) =>
  target.kind === 'path' ? `path:${target.path}` : target.kind === 'url' ? `host:${URL.parse(target.url)?.host ?? target.url}` : 'command'

/** The tools of one run: which there are, what a call would touch, whether it may, and carrying it out. */
export function createToolPort(deps: RunDeps, run: RunRecord, around: Surroundings) {
  const suggestions = new Map<string, unknown>()
  const checkpointed = {
    done: deps.calls.ofRun(run.id).some(({ status, toolId }) => status !== 'asked' && deps.registry.find(toolId)?.risk !== 'read'),
  }
  const usable = (tool: Tool) =>
    tool.isDormant?.() !== true && matches(around.agent().tools, tool.id) && (run.options.tools === undefined || matches(run.options.tools, tool.id))
  let described: { key: string; all: readonly ToolDescription[]; tools: readonly ToolDescription[] } | undefined
  const filesAt = (cwd: string) => deps.filesIn([cwd])

  async function judge(tool: Tool, input: unknown, callId: string): Promise<Pick<PreparedCall, 'targets' | 'decision'>> {
    const session = around.session()
    const cwd = session.workspace.path
    const files = filesAt(cwd)
    const rules = deps.rules.applying(cwd, session.id, new Date().toISOString())
    const { decision, targets } = await deps.judge(tool, input, { cwd, files, mode: around.mode(), rules })
    const names = targets.map(targetName)
    const reason = deps.redact(decision.reason)
    if (decision.action !== 'ask') return { targets: names, decision: decision.action === 'allow' ? { action: 'allow' } : { action: 'deny', reason } }
    const suggested = decision.suggested ?? null
    // A rule without the secret in it would be another rule.
    suggestions.set(callId, deps.redact(suggested) === suggested ? suggested : null)
    const preview = {
      ...(await previewOf(tool, input)),
      ...(decision.commands ? { commands: decision.commands } : {}),
      ...(decision.rule ? { rule: decision.rule } : {}),
    }
    return { targets: names, decision: { action: 'ask', reason, preview: asJson(preview) } }
  }
  async function previewOf(tool: Tool, input: unknown): Promise<{ diff?: string; summary?: string }> {
    const { path: cwd } = around.session().workspace
    const preview = await tool
      .preview?.(input, { cwd, files: filesAt(cwd) })
      .catch((error: unknown) => ({ summary: error instanceof ToolError ? error.message : String(error) }))
    return preview ?? {}
  }
  /**
   * Judges a call once more at the moment it would run: since it was judged or approved, an earlier call, a person or another program may
   * have changed a link, a file or a rule. Null when it may run; else the outcome that it has instead.
   */
  async function refusal(call: PreparedCall, tool: Tool, input: Json): Promise<CallOutcome | null> {
    const not = (status: CallOutcome['status'], text: string): CallOutcome => ({ status, output: null, text: deps.redact(text) })
    try {
      const { decision } = await judge(tool, input, call.callId)
      if (decision.action === 'deny') return not('denied', decision.reason)
      const approval = deps.approvals.find(call.callId)
      if (approval?.status === 'approved') {
        const why = notAsApproved(approval, { tool: tool.id, input, preview: deps.redact(await previewOf(tool, input)) })
        return why === null ? null : not('failed', why)
      }
      return decision.action === 'allow'
        ? null
        : not(
            'failed',
            `Not run: it was allowed when it was asked for and is not any more. ${decision.reason} Make the call again to have it decided.`,
          )
    } catch (error) {
      if (error instanceof ToolError) return not('failed', error.message)
      throw error
    }
  }

  /** The call as it will be recorded, judged and run: put right where models often slip, then checked against the tool's schema. */
  const read = async (name: string, given: Json): Promise<{ tool: Tool; input: Json } | { invalid: string }> => {
    const cwd = around.session().workspace.path
    const { tool, input } = await repairCall({ name, input: given }, deps.registry, { cwd, files: filesAt(cwd) })
    if (!tool) return { invalid: `There is no tool ${name}. Use one of those listed.` }
    if (!usable(tool)) return { invalid: `The tool ${name} is not among the tools of this run.` }
    const checked = tool.inputs.safeParse(input)
    if (checked.success) return { tool, input: asJson(checked.data) }
    const faults = checked.error.issues.slice(0, 5).map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
    return { invalid: `The input of ${name} does not fit its schema: ${faults.join('; ')}.` }
  }

  const prepare = async (call: ToolCallPart): Promise<PreparedCall> => {
    const bare = {
      callId: call.callId,
      name: call.name,
      input: call.input,
      access: 'read' as const,
      repeatable: true,
      targets: [],
      decision: { action: 'allow' as const },
    }
    const sound = await read(call.name, call.input)
    if ('invalid' in sound) return { ...bare, invalid: sound.invalid }
    const { tool, input } = sound
    try {
      const judged = await judge(tool, input, call.callId)
      return { ...bare, input, access: tool.risk === 'read' || tool.risk === 'network' ? 'read' : 'write', repeatable: tool.repeatable, ...judged }
    } catch (error) {
      if (error instanceof ToolError) return { ...bare, invalid: error.message }
      throw error
    }
  }

  /** Commands use the network only where the setting lets them. */
  const bounded: ToolContext['processes'] = {
    ...deps.processes,
    run: (request, signal, onOutput) =>
      deps.processes.run({ ...request, network: request.network && deps.setting('tools.network') }, signal, onOutput),
    start: (request) => deps.processes.start({ ...request, network: request.network && deps.setting('tools.network') }),
  }

  const ask = async (callId: string, items: readonly Omit<Question['items'][number], never>[], signal: AbortSignal) => {
    const place = { sessionId: run.sessionId, runId: run.id }
    if (!deps.questions.find(callId)) {
      const question: Question = {
        id: newId('que'),
        ...place,
        callId,
        items: [...items],
        status: 'waiting',
        answers: null,
        createdAt: new Date().toISOString(),
        settledAt: null,
      }
      deps.commit((emit) => {
        deps.questions.insert(question)
        emit('question.asked', { question }, place)
      })
    }
    around.pause(true)
    const answers = await around.waits.answer(callId, signal)
    // Only an answer ends the waiting: a run that is let go of by a stop of the daemon waits on in the database.
    around.pause(false)
    return answers
  }

  const checkpoint = async (call: PreparedCall, signal: AbortSignal): Promise<void> => {
    if (checkpointed.done || call.access === 'read') return
    checkpointed.done = true
    const { path: workspace } = around.session().workspace
    const trigger = deps.messages.trigger(run.id)
    const commit = await deps.checkpoints.record(workspace, signal)
    if (commit === null || !trigger) return
    deps.commit((emit) => {
      const place = { sessionId: run.sessionId, runId: run.id }
      deps.checkpoints.insert({ ...place, messageId: trigger.id, position: trigger.position, workspace, commit, createdAt: new Date().toISOString() })
      emit('checkpoint.created', { messageId: trigger.id, commit }, place)
    })
  }

  const execute = async (call: PreparedCall, signal: AbortSignal, outputBytes: number): Promise<CallOutcome> => {
    const sound = await read(call.name, call.input)
    if ('invalid' in sound) return { status: 'failed', output: { error: sound.invalid }, text: sound.invalid }
    const { tool, input } = sound
    const refused = await refusal(call, tool, input)
    if (refused) return refused
    const { path: cwd } = around.session().workspace
    const context: ToolContext = {
      callId: call.callId,
      owner: run.sessionId,
      cwd,
      signal,
      outputBytes,
      files: filesAt(cwd),
      processes: bounded,
      fetcher: deps.fetcher,
      todos: {
        get: async () => around.session().todos,
        set: async (todos) =>
          deps.commit((emit) => {
            deps.sessions.update(run.sessionId, { todos })
            emit('todo.updated', { todos: [...todos] }, { sessionId: run.sessionId, runId: run.id })
          }),
      },
      ask: (questions) =>
        ask(
          call.callId,
          questions.map(({ id, question, header, options, multiSelect }) => ({
            id,
            question,
            ...(header === undefined ? {} : { header }),
            ...(options === undefined
              ? {}
              : { options: options.map(({ label, description }) => ({ label, ...(description === undefined ? {} : { description }) })) }),
            ...(multiSelect === undefined ? {} : { multiSelect }),
          })),
          signal,
        ),
      memory: {
        save: async (memory) => (await deps.memory.load()).toolsOf(around.session().agentId, run.sessionId).save(memory),
        search: async (query) => (await deps.memory.load()).toolsOf(around.session().agentId, run.sessionId).search(query),
      },
      progress: (text) =>
        deps.live.signal({ sessionId: run.sessionId, runId: run.id, name: 'tool.progress', data: { callId: call.callId, text: deps.redact(text) } }),
    }
    try {
      await checkpoint(call, signal)
      const answer = await tool.run(input, context)
      const output = deps.redact(answer.output)
      return { status: 'completed', output, text: deps.redact(answer.text ?? JSON.stringify(answer.output)) }
    } catch (error) {
      if (signal.aborted) return { status: 'cancelled', output: null, text: 'The call was cancelled.' }
      const message = deps.redact(
        error instanceof ToolError ? error.message : `The tool failed: ${error instanceof Error ? error.message : String(error)}`,
      )
      if (!(error instanceof ToolError)) deps.report(error, { runId: run.id })
      return { status: 'failed', output: { error: message } satisfies Json, text: message }
    }
  }
  return {
    prepare,
    execute,
    suggestion: (callId: string) => suggestions.get(callId),
    /** Whether the run may use a tool now. */
    offers(toolId: string): boolean {
      const tool = deps.registry.find(toolId)
      return tool !== undefined && usable(tool)
    },
    describe(): readonly ToolDescription[] {
      const tools = deps.registry.all().filter(usable)
      const key = tools.map(({ id }) => id).join()
      const all = deps.registry.describe()
      if (described?.key === key && described.all === all) return described.tools
      const names = new Set(tools.map(({ id }) => deps.registry.modelName(id)))
      described = { key, all, tools: all.filter(({ name }) => names.has(name)) }
      return described.tools
    },
  }
}
