import type { Json, Model, ModelMessage, ModelPart, ModelRequest, TokenUsage, ToolDescription } from '../types.ts'
import { answer } from './answer.ts'
import { readResult } from './file-text.ts'
import { lookUp } from './lookup.ts'
import { isEngineNote } from '../notes.ts'
import { plan } from './plan.ts'
import { fitting } from './output.ts'
import { checker } from './schema.ts'
import { withTodo } from './todos.ts'
import type { Plan, PlannerTool, PlanStep } from './types.ts'

export interface BuiltinOptions {
  /** The installed tools; the same array as long as nothing changes, so that its index is kept. */
  readonly tools: () => readonly PlannerTool[]
  /** Milliseconds since 1970; without it words like "tomorrow" are asked about. */
  readonly now?: () => number
  /** True for a text in the person's role that the engine wrote (a nudge, a summary). Such a text is never planned. */
  readonly isNote?: (text: string) => boolean
  /** Ids for tool calls; random when left out. */
  readonly newId?: () => string
}
const FREE = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }
const CHUNK = 80
interface Done {
  readonly name: string
  readonly text: string
  readonly isError: boolean
}

/**
 * The `builtin` model: a deterministic planner behind the interface of a language model, with no key and no network. It plans the last request of the person, calls only
 * tools of the request with inputs that fit their schemas, and words the results by template. What tools gave is shown and never planned. Costs nothing; tokens are characters / 4.
 */
export function createBuiltinModel(options: BuiltinOptions): Model {
  const merge = merger()
  return {
    id: 'builtin',
    contextTokens: 1_000_000,
    maxOutputTokens: 32_000,
    price: FREE,
    async *stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelPart> {
      signal.throwIfAborted()
      const parts = respond(request, options, merge(options.tools(), request.tools))
      let written = 0
      for (const part of parts) {
        signal.throwIfAborted()
        written += part.type === 'text' ? part.text.length : part.type === 'tool_call' ? part.name.length + JSON.stringify(part.input).length : 0
        yield part
      }
      signal.throwIfAborted()
      yield { type: 'finish', reason: parts.some((part) => part.type === 'tool_call') ? 'tool_calls' : 'stop', usage: usageOf(request, written) }
    },
  }
}
/** Tools known by the port, and those the request alone names; of these nothing is known, so they count as acting. Kept while both lists stay the same. */
function merger(): (port: readonly PlannerTool[], asked: readonly ToolDescription[]) => readonly PlannerTool[] {
  let last: { port: readonly PlannerTool[]; names: string; merged: readonly PlannerTool[] } | undefined
  return (port, asked) => {
    const names = asked.map((tool) => tool.name).join(' ')
    if (last?.port === port && last.names === names) return last.merged
    const known = new Set(port.map((tool) => tool.name))
    const strange = asked
      .filter((tool) => !known.has(tool.name))
      .map((tool): PlannerTool => ({
        id: tool.name.replace('_', '.'),
        name: tool.name,
        description: tool.description,
        inputsSchema: tool.inputSchema,
        examples: [],
        risk: 'write',
      }))
    const merged = strange.length === 0 ? port : [...port, ...strange]
    last = { port, names, merged }
    return merged
  }
}
function respond(request: ModelRequest, options: BuiltinOptions, tools: readonly PlannerTool[]): ModelPart[] {
  const asked = request.messages.findLastIndex((message) => message.role === 'user' && !(options.isNote ?? isEngineNote)(textOf(message)))
  const text = textOf(request.messages[asked])
  const offered = new Map(request.tools.map((tool) => [tool.name, tool]))
  const allowed = new Set(tools.filter((tool) => offered.has(tool.name)).map((tool) => tool.id))
  const now = options.now?.()
  const planned = plan({ text, tools, allowed, ...(now === undefined ? {} : { now }) })
  const done = doneSince(request.messages.slice(asked + 1))
  const shown = shownAlready(request.messages.slice(asked + 1))
  const say = (words: string): ModelPart[] => {
    const whole = request.outputSchema === undefined ? limited(words, request.maxOutputTokens) : fitting(words, request.outputSchema)
    return chunks(whole.startsWith(shown) ? whole.slice(shown.length) : whole)
  }
  const named = new Map(tools.map((tool) => [tool.id, tool.name]))
  if (done.some((one, index) => named.get(planned.steps[index]?.toolId ?? '') !== one.name)) {
    // Calls of another plan (another model, or tools that changed): their results are shown, nothing is added.
    return say(done.map((one) => answer({ step: { toolId: one.name, inputs: {} }, text: one.text, isError: one.isError })).join('\n\n'))
  }
  if (planned.clarification !== undefined) return say(planned.clarification)
  const failed = done.some((one) => one.isError)
  const ready = failed ? [] : nextSteps(planned, done.length)
  const calls: ModelPart[] = []
  for (const step of ready) {
    const name = named.get(step.toolId) ?? ''
    const filled = resolved(step, done)
    if (typeof filled === 'string') return say([...worded(planned, done), filled].join('\n\n'))
    if (!checker(offered.get(name)?.inputSchema ?? {})(filled))
      return say(
        [
          ...worded(planned, done),
          `I did not call ${step.toolId}: what I made of your words does not fit what it takes. Please say it more fully.`,
        ].join('\n\n'),
      )
    calls.push({ type: 'tool_call', callId: (options.newId ?? (() => `call_${crypto.randomUUID()}`))(), name, input: filled })
  }
  if (calls.length > 0) return calls
  const left = planned.steps.slice(done.length).map((step) => step.toolId)
  return say([...worded(planned, done), ...(left.length > 0 ? [`I did not go on with ${left.join(', ')}.`] : [])].join('\n\n'))
}
const worded = (planned: Plan, done: readonly Done[]): string[] =>
  done.flatMap((one, index) => {
    const step = planned.steps[index]
    const isMeans = Object.values(planned.steps[index + 1]?.from ?? {}).some((source) => source.pick !== 'text' && source.step === index)
    return step && !(isMeans && !one.isError) ? [answer({ step, text: one.text, isError: one.isError })] : []
  })
/** The next steps in order whose needs are all met by the first `count` results. */
function nextSteps(planned: Plan, count: number): PlanStep[] {
  const rest = planned.steps.slice(count)
  const blocked = rest.findIndex((step) => step.dependsOn?.some((need) => need >= count) ?? false)
  return blocked < 0 ? rest : rest.slice(0, blocked)
}
/** The step's whole input, or a sentence saying why it cannot be had. */
function resolved(step: PlanStep, done: readonly Done[]): { [name: string]: Json } | string {
  const inputs: { [name: string]: Json } = { ...step.inputs }
  for (const [input, source] of Object.entries(step.from ?? {})) {
    const { content: text, isWhole, statement } = readResult(done[source.step]?.text ?? '')
    if (!isWhole || (text === '' && statement !== null && !statement.endsWith(' is empty')))
      return `I did not go on with ${step.toolId}: what it was to use is not the whole text (${statement}).`
    if (source.pick === 'text') inputs[input] = text
    else if (source.pick === 'todos') {
      const todos = withTodo(text, source.add)
      if (todos === null) return `I could not make out the present to-do list, so I left it as it is.`
      inputs[input] = todos
    } else if (lookUp(text, `scripts.${source.name}`)) inputs[input] = source.name === 'test' ? 'npm test' : `npm run ${source.name}`
    else
      return `package.json declares no script \`${source.name}\`, so I ran nothing. Which command should I run? Put it in backticks, for example: run \`npm test\`.`
  }
  return inputs
}
function textOf(message: ModelMessage | undefined): string {
  if (message?.role !== 'user') return ''
  return message.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')
}
/** Results since the request, in the order of the calls they answer. */
function doneSince(messages: readonly ModelMessage[]): Done[] {
  const calls = messages.flatMap((message) => (message.role === 'assistant' ? message.content.filter((part) => part.type === 'tool_call') : []))
  const results = new Map(messages.flatMap((message) => (message.role === 'tool' ? message.content.map((part) => [part.callId, part] as const) : [])))
  return calls.map((call) => {
    const result = results.get(call.callId)
    return { name: call.name, text: result?.text ?? 'its outcome is unknown.', isError: result?.isError ?? true }
  })
}
/** Text of an answer that was broken off: what follows goes on from there. */
function shownAlready(messages: readonly ModelMessage[]): string {
  const last = messages.filter((message) => message.role !== 'user').at(-1)
  return last?.role === 'assistant' ? last.content.map((part) => (part.type === 'text' ? part.text : '')).join('') : ''
}
function limited(text: string, tokens: number): string {
  const note = "\n\n(Shortened: the whole is in the tool's result.)"
  return text.length <= tokens * 4 ? text : `${text.slice(0, Math.max(0, tokens * 4 - note.length))}${note}`
}
function chunks(text: string): ModelPart[] {
  const found = text.match(new RegExp(`[\\s\\S]{1,${CHUNK}}(?=\\s|$)|[\\s\\S]{1,${CHUNK}}`, 'g')) ?? []
  return found.map((part) => ({ type: 'text', text: part }))
}
function usageOf(request: ModelRequest, written: number): TokenUsage {
  return {
    inputTokens: Math.ceil((request.system.length + JSON.stringify(request.messages).length) / 4),
    outputTokens: Math.ceil(written / 4),
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
  }
}
