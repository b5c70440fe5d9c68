import type { Turn, WireRequest, Random } from '@steward/testkit'

export const kinds = [
  'stream',
  'reason',
  'shell',
  'slow',
  'setsid',
  'background',
  'read',
  'write',
  'approval',
  'question',
  'compact',
  'burst',
  'queued',
  'cancel',
] as const
export type Kind = (typeof kinds)[number]
/** What the permission mode of a scenario's session is. */
export const modeOf = (kind: Kind): 'ask' | 'auto' => (kind === 'approval' ? 'ask' : 'auto')
/** The words of a message that sets a scenario going. Everything its run does carries the tag. */
export const order = (kind: Kind | 'plain', tag: string) => `do:${kind} tag:${tag} please`
/** Arguments that no other process has, for the processes of a tag that must not outlive the daemon. */
export const sleepers = (tag: string) => ['86397', '86398', '86399'].map((seconds) => `${seconds}.${tag}`)
export const line = (tag: string, nth: number) => `line-${tag}-${nth};`

export interface Place {
  /** A file outside of the workspace's history, to which every command appends one line. */
  readonly lines: string
}
const usage = { inputTokens: 1_000, outputTokens: 50 }
/** What one whole answer costs: the price of a model that is not in the table is its provider's dearest. */
export const usdPerAnswer = (usage.inputTokens * 10 + usage.outputTokens * 50) / 1_000_000
type Step = Pick<Turn, 'text' | 'reasoning' | 'calls' | 'deltaMs' | 'usage'>
const shell = (command: string, more: object = {}) => ({ name: 'shell_run', input: { command, ...more } })
const wordsOf = (tag: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${tag}/${at}${at % 7 === 0 ? '😀' : ''}${at % 11 === 0 ? 'é漢' : ''} `)
const done = (tag: string): Step => ({ text: `Done with ${tag}.` })

/** The steps of each scenario; a step is chosen by how many calls of the run have a result, so that one that is asked again is answered alike. */
function stepsOf(kind: Kind | 'plain' | 'steer', tag: string, { lines }: Place): readonly Step[] {
  const [one = '', two = '', three = ''] = sleepers(tag)
  const append = (nth: number) => `echo '${line(tag, nth)}' >> '${lines}'`
  switch (kind) {
    case 'stream':
      return [{ text: wordsOf(tag, 60), deltaMs: 4 }]
    case 'reason':
      return [{ reasoning: wordsOf(`think-${tag}`, 12).join(''), text: wordsOf(tag, 30), deltaMs: 4 }]
    case 'shell':
      return [{ text: 'First ', calls: [shell(append(0))] }, { calls: [shell(append(1)), shell(append(2))] }, done(tag)]
    case 'slow':
      return [{ calls: [shell(`${append(0)}; sleep 0.12`)] }, { calls: [shell(`sleep 0.05; ${append(1)}`)] }, done(tag)]
    case 'setsid':
      return [{ calls: [shell(`(setsid sleep ${one} &) ; ${append(0)}; sleep 0.15`)] }, done(tag)]
    case 'background':
      return [{ calls: [shell(`setsid sleep ${two} & sleep ${three}`, { background: true })] }, { text: wordsOf(tag, 30), deltaMs: 4 }]
    case 'read':
      return [{ calls: ['a.txt', 'b.txt', 'c.txt'].map((path) => ({ name: 'files_read', input: { path } })) }, done(tag)]
    case 'write':
      return [
        { calls: [{ name: 'files_write', input: { path: `${tag}.txt`, content: `${tag}\n` } }] },
        { calls: [{ name: 'files_read', input: { path: `${tag}.txt` } }] },
        done(tag),
      ]
    case 'approval':
      return [{ text: 'May I? ', calls: [shell(append(0)), shell(append(1))] }, done(tag)]
    case 'question':
      return [{ calls: [{ name: 'ask_questions', input: { questions: [{ id: 'which', question: `Which for ${tag}?` }] } }] }, done(tag)]
    case 'compact':
      return [
        { calls: [{ name: 'files_read', input: { path: 'a.txt' } }], usage: { inputTokens: 115_000, outputTokens: 50 } },
        { text: wordsOf(tag, 20), deltaMs: 3 },
      ]
    case 'cancel':
      return [{ calls: [shell(`${append(0)}; sleep 0.1`)] }, { text: wordsOf(tag, 150), deltaMs: 4 }]
    case 'queued':
      return [{ text: wordsOf(tag, 25), deltaMs: 3 }]
    default:
      return [{ text: `Heard ${tag}.` }]
  }
}
interface Part {
  readonly type: string
  readonly text?: string
  readonly id?: string
  readonly content?: unknown
  readonly tool_use_id?: string
}
const partsOf = (content: unknown): readonly Part[] => (typeof content === 'string' ? [{ type: 'text', text: content }] : ((content ?? []) as Part[]))
const marker = /do:(\w+) tag:(\w+) please/g

/** What the model has seen, by the tags of the runs it answered. */
export interface Seen {
  /** Model calls for a run. */
  readonly asked: Map<string, number>
  /** Texts of results that the model was given, by the call's id. */
  readonly results: Map<string, string>
}
/** The model of all scenarios. It reads nothing but the request. */
export function createScript(place: Place): { script: (request: WireRequest) => Turn; seen: Seen } {
  const seen: Seen = { asked: new Map(), results: new Map() }
  const script = ({ body }: WireRequest): Turn => {
    if (JSON.stringify(body['system'] ?? '').includes('You summarise the earlier part')) return { text: 'They spoke of tags.', usage, deltaMs: 5 }
    const messages = body['messages'] as readonly { role: string; content: unknown }[]
    let found: { kind: Kind; tag: string } | undefined
    let made = 0
    for (const { role, content } of messages) {
      for (const part of partsOf(content)) {
        const marked = role === 'user' && part.type === 'text' ? [...(part.text ?? '').matchAll(marker)].at(-1) : undefined
        if (marked) {
          found = { kind: marked[1] as Kind, tag: marked[2]! }
          made = 0
        }
        if (part.type === 'tool_result') seen.results.set(part.tool_use_id!, JSON.stringify(part.content))
      }
      if (role === 'assistant' && partsOf(content).some(({ type }) => type === 'tool_use')) made++
    }
    if (!found) return { fault: { kind: 'status', status: 400, message: 'No order was found.' } }
    seen.asked.set(found.tag, (seen.asked.get(found.tag) ?? 0) + 1)
    const steps = stepsOf(found.kind, found.tag, place)
    return { usage, ...(steps[made] ?? done(found.tag)) }
  }
  return { script, seen }
}
/** When a kill strikes: at some time, or at or soon after an event that a reader hears. */
export type Strike = { readonly afterMs: number } | { readonly on: string; readonly thenMs: number }
const moments = [
  'step.started',
  'token',
  'reasoning',
  'tool.call',
  'tool.started',
  'tool.result',
  'message.final',
  'approval.asked',
  'question.asked',
  'conversation.compacted',
  'message.taken',
  'message.created',
  'status',
  'usage',
]
export const drawStrike = (random: Random): Strike =>
  random.chance(0.4) ? { afterMs: random.int(0, 450) } : { on: random.pick(moments), thenMs: random.chance(0.5) ? 0 : random.int(0, 40) }
