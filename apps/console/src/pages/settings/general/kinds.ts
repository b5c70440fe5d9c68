/** How a setting is entered, told from its JSON Schema. */
export type Kind =
  | { readonly is: 'yes-no' }
  | { readonly is: 'choice'; readonly options: readonly string[] }
  | { readonly is: 'number'; readonly whole: boolean; readonly least?: number; readonly most?: number; readonly nullable: boolean }
  | { readonly is: 'text'; readonly nullable: boolean }
  | { readonly is: 'lines' }
  | { readonly is: 'json' }
interface Schema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
}
/** The kind of control that fits a schema; what it does not know is entered as JSON. */
export function kindOf(given: unknown): Kind {
  const schema = (given ?? {}) as Schema
  const forms = (schema.anyOf ?? [schema]).flatMap((one) => one.anyOf ?? [one])
  const nullable = forms.some(({ type }) => type === 'null')
  const real = forms.filter(({ type }) => type !== 'null')
  const [first = {}] = real
  if (real.length > 1) return real.every(({ type }) => type === 'string') ? { is: 'text', nullable } : { is: 'json' }
  if (first.type === 'boolean') return { is: 'yes-no' }
  if (first.enum !== undefined && !nullable) return { is: 'choice', options: first.enum.map(String) }
  if (first.type === 'integer' || first.type === 'number') {
    const { minimum: least, maximum: most } = first
    return {
      is: 'number',
      whole: first.type === 'integer',
      nullable,
      ...(least === undefined ? {} : { least }),
      ...(most === undefined ? {} : { most }),
    }
  }
  if (first.type === 'string') return { is: 'text', nullable }
  return first.type === 'array' && first.items?.type === 'string' ? { is: 'lines' } : { is: 'json' }
}
/** A value as it stands in its control. */
export function toText(kind: Kind, value: unknown): string {
  if (kind.is === 'lines') return Array.isArray(value) ? value.join('\n') : ''
  if (kind.is === 'json') return JSON.stringify(value)
  return value === null || value === undefined ? '' : String(value)
}
export type Entered = { readonly value: unknown } | { readonly wrong: 'number' | 'whole' | 'notJson' }
/** What was entered as a value, or what is wrong with it. Limits are the daemon's business, which says them in a sentence. */
export function fromText(kind: Kind, text: string): Entered {
  if (kind.is === 'lines')
    return {
      value: text
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean),
    }
  if (kind.is === 'json') {
    try {
      return { value: JSON.parse(text) as unknown }
    } catch {
      return { wrong: 'notJson' }
    }
  }
  if ('nullable' in kind && kind.nullable && text.trim() === '') return { value: null }
  if (kind.is !== 'number') return { value: text.trim() }
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!Number.isFinite(value)) return { wrong: 'number' }
  return kind.whole && !Number.isInteger(value) ? { wrong: 'whole' } : { value }
}
