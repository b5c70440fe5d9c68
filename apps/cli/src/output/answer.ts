import { record, table } from './table.ts'
import { shown } from './values.ts'

interface Out {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Writes an answer: for people at a terminal, as JSON elsewhere or where it is asked for. */
export function writeAnswer(out: Out, value: unknown, asJson: boolean): void {
  if (asJson || out.isTTY !== true) return void out.write(`${JSON.stringify(value, null, asJson ? undefined : 2)}\n`)
  out.write(`${forPeople(value, out.columns || 100)}\n`)
}
/** An answer in words: lists as tables, records as key and value. */
export function forPeople(value: unknown, columns: number): string {
  if (value === null) return 'Done.'
  if (!isRecord(value)) return shown('', value)
  const list = value['items']
  if (Array.isArray(list) && 'nextCursor' in value) return listed(list, value['nextCursor'], columns)
  const apps = value['apps']
  if (Array.isArray(apps))
    return listed(
      apps
        .filter(isRecord)
        .flatMap((app) => (Array.isArray(app['tools']) ? app['tools'] : []))
        .filter(isRecord)
        .map(withoutSchemas),
      null,
      columns,
    )
  return record(value)
}
function listed(items: readonly unknown[], next: unknown, columns: number): string {
  if (items.length === 0) return 'There are none.'
  const rows = items.map((item) => (isRecord(item) ? item : { value: item }))
  return table(rows, columns) + (typeof next === 'string' ? `\nThere are more: --cursor ${next}` : '')
}
const withoutSchemas = ({ id, risk, description }: Record<string, unknown>) => ({ id, risk, description })
