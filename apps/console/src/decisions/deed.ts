import type { ItemOf } from '../platform/operations.ts'

export type Approval = ItemOf<'approvals.list'>
/** An address in three pieces, so that the host can be set off: it says where something really goes. */
export interface Address {
  readonly before: string
  readonly host: string
  readonly after: string
}
/** A simple command of a line that asks, and why. */
export interface Asking {
  readonly text: string
  readonly why: string
}
/** The stored rule because of which a call asks. */
export interface AskingRule {
  readonly tool: string
  readonly pattern: string | null
  readonly level: string
}
/** What a call would do, in the shape in which a person can judge it. `rest` are inputs that are shown nowhere else. */
export type Deed = { readonly rest: Readonly<Record<string, unknown>> | null; readonly rule: AskingRule | null } & (
  | { readonly kind: 'command'; readonly line: string; readonly asking: readonly Asking[]; readonly says: string | null }
  | { readonly kind: 'change'; readonly diff: string; readonly summary: string | null }
  | { readonly kind: 'request'; readonly method: string; readonly address: Address; readonly body: string | null }
  | { readonly kind: 'call'; readonly summary: string | null }
)
type Unruled<D> = D extends unknown ? Omit<D, 'rule'> : never
const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
const words = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const without = (input: Readonly<Record<string, unknown>>, ...names: string[]) => {
  const rest = Object.fromEntries(Object.entries(input).filter(([name]) => !names.includes(name)))
  return Object.keys(rest).length > 0 ? rest : null
}

/** Takes an address apart as the program that follows it would: a host is never what only looks like one. */
export function addressOf(text: string): Address {
  const url = URL.parse(text)
  if (url === null || url.host === '') return { before: text, host: '', after: '' }
  const start = url.href.indexOf('//') + 2
  const end = url.href.slice(start).search(/[/?#]/)
  const authority = end < 0 ? url.href.slice(start) : url.href.slice(start, start + end)
  return {
    before: url.href.slice(0, start) + authority.slice(0, authority.length - url.host.length),
    host: url.host,
    after: end < 0 ? '' : url.href.slice(start + end),
  }
}
/** Reads what an approval is about. What the daemon has foreseen goes before what the inputs look like. */
export function deedOf(approval: Pick<Approval, 'toolId' | 'input' | 'preview'>): Deed {
  return { ...shapeOf(approval), rule: ruleOf(record(approval.preview)['rule']) }
}
function ruleOf(value: unknown): AskingRule | null {
  const { tool, pattern, level } = record(value)
  return typeof tool === 'string' && typeof level === 'string' ? { tool, pattern: words(pattern), level } : null
}
function askingOf(commands: unknown): Asking[] | null {
  if (!Array.isArray(commands)) return null
  return commands.flatMap((one: unknown) => {
    const { text, why } = record(one)
    return typeof text === 'string' && typeof why === 'string' ? [{ text, why }] : []
  })
}
function shapeOf({ toolId, input: given, preview: seen }: Pick<Approval, 'toolId' | 'input' | 'preview'>): Unruled<Deed> {
  const [input, preview] = [record(given), record(seen)]
  const summary = words(preview['summary'])
  const asking = askingOf(preview['commands'])
  if (typeof preview['diff'] === 'string') return { kind: 'change', diff: preview['diff'], summary, rest: null }
  const line = toolId === 'shell.run' ? words(input['command']) : null
  if (line !== null)
    return { kind: 'command', line, asking: asking ?? [], says: words(input['description']), rest: without(input, 'command', 'description') }
  if (asking !== null && summary !== null) return { kind: 'command', line: summary.replace(/^Run: /, ''), asking, says: null, rest: without(input) }
  const url = toolId === 'web.fetch' ? words(input['url']) : null
  if (url !== null) return { kind: 'request', method: 'GET', address: addressOf(url), body: null, rest: without(input, 'url') }
  const [, method, address, body] = /^([A-Z]+) (https?:\S+)(?:\n([\s\S]*))?$/.exec(summary ?? '') ?? []
  if (method !== undefined && address !== undefined)
    return { kind: 'request', method, address: addressOf(address), body: words(body), rest: without(input) }
  return { kind: 'call', summary, rest: without(input) }
}
