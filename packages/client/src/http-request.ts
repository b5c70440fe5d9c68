import { Fault, mutates, route, type Contract, type Operation } from '@steward/contract'

export interface Prepared {
  readonly op: Operation
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly body?: string
}
const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Finds an operation. Throws Fault `not_found`, as the daemon would. */
export function operationOf(contract: Contract, name: string): Operation {
  const op = Object.hasOwn(contract, name) ? contract[name] : undefined
  if (op === undefined) throw new Fault('not_found', `There is no operation ${JSON.stringify(name.slice(0, 100))}.`)
  return op
}
/** Spells a call as an HTTP request. Fields outside the path go into the body of what changes something, else (and beside bytes) into the query. */
export function prepare(contract: Contract, name: string, input: unknown): Prepared {
  const op = operationOf(contract, name)
  const { method, path } = route(op)
  const inBody = mutates(op) && op.bytes !== 'upload'
  const template = path.includes('{')
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    if (!template && inBody && input !== undefined) return { op, method, path, body: JSON.stringify(input) }
    if (input !== undefined && input !== null) throw misfit(name, op, input)
  }
  const fields = new Map(Object.entries((input ?? {}) as object).filter(([, value]) => value !== undefined))
  const filled = path.replace(/\{(\w+)\}/g, (_all, field: string) => {
    const value: unknown = fields.get(field)
    fields.delete(field)
    const fits = op.input.shape[field] as { safeParse(value: unknown): { success: boolean } } | undefined
    if (!fits?.safeParse(value).success || value === '' || value === '.' || value === '..') throw misfit(name, op, input)
    return encodeURIComponent(text(value))
  })
  if (inBody) return { op, method, path: filled, ...(fields.size > 0 ? { body: JSON.stringify(Object.fromEntries(fields)) } : {}) }
  const query = new URLSearchParams([...fields].map(([field, value]): [string, string] => [field, text(value)]))
  return { op, method, path: query.size > 0 ? `${filled}?${query}` : filled }
}
/** What a path cannot say is refused here, in the words of the daemon. */
function misfit(name: string, op: Operation, input: unknown): Fault {
  const issues = op.input.safeParse(input ?? {}).error?.issues ?? []
  const shown = issues.slice(0, 20).map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message.slice(0, 300) }))
  const first = shown[0] ?? { path: '', message: 'it cannot be part of an address' }
  return new Fault('invalid', `The input of ${name} does not fit: ${first.path ? `${first.path}: ` : ''}${first.message}.`.replace(/\.\.$/, '.'), {
    issues: shown,
  })
}
