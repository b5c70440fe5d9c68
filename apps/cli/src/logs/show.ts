import type { LogLevel, LogLine } from '@steward/contract/daemon'
import { clean } from '../output/clean.ts'
import type { Style } from '../output/style.ts'

const two = (value: number) => String(value).padStart(2, '0')
/** In the reader's own zone, to the millisecond. */
function localTime(iso: string): string {
  const at = new Date(iso)
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}`
}
const componentWidth = 10
const painted = (style: Style): Readonly<Record<LogLevel, (text: string) => string>> => ({
  debug: style.dim,
  info: style.green,
  warn: style.yellow,
  error: style.red,
  fatal: style.red,
})
/** A line of the log as a person reads it: when, how grave, who, what; then the details, and the stack of an error below. Raw words are given as they are. */
export function lineInWords({ time, level, component, message, details, raw }: LogLine, style: Style): string {
  if (raw) return `${clean(message)}\n`
  const { error, ...rest } = details
  const {
    stack,
    message: reason,
    type,
  } = (typeof error === 'object' && error !== null && !Array.isArray(error) ? error : {}) as Record<string, unknown>
  const facts = Object.entries(rest).map(([name, value]) => style.dim(` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`))
  const below = typeof stack === 'string' ? stack : typeof reason === 'string' && reason !== message ? `${String(type ?? 'Error')}: ${reason}` : ''
  const head = `${style.dim(localTime(time))} ${painted(style)[level](level.padEnd(5))} ${style.bold(component.padEnd(componentWidth))} `
  return `${head}${clean(message)}${facts.map(clean).join('')}\n${below === '' ? '' : `${style.dim(clean(below).replaceAll(/^/gm, '    '))}\n`}`
}
