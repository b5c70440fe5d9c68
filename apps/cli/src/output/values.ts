import { oneLine } from './clean.ts'

const isoTime = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/
const two = (value: number) => String(value).padStart(2, '0')
const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** A time in the reader's own zone, to the second. */
function localTime(iso: string): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}
/** USD; small amounts keep the digits that tell. */
const money = (usd: number): string => (usd === 0 ? '$0' : `$${Math.abs(usd) < 1 ? Number(usd.toPrecision(3)) : usd.toFixed(2)}`)
/** Milliseconds in the unit that reads best. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  const seconds = Math.round(ms / 1_000)
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)]
  return hours === 0 ? `${minutes} min ${seconds % 60} s` : `${hours} h ${minutes} min`
}
/** Bytes, in powers of 1000. */
export function bytes(count: number): string {
  let step = 0
  let value = count
  for (; value >= 1_000 && step < units.length - 1; step++) value /= 1_000
  return `${step === 0 ? value : value.toFixed(1)} ${units[step] ?? ''}`
}
const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',')

/** A value as a person reads it; `key` is the field's name, which tells money, tokens, bytes and durations apart. */
export function shown(key: string, value: unknown): string {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return isoTime.test(value) ? localTime(value) : oneLine(value)
  if (typeof value === 'number') return number(key, value)
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.map((item) => shown(key, item)).join(', ')
  return oneLine(summary(value) ?? JSON.stringify(value))
}
function number(key: string, value: number): string {
  if (key.endsWith('Usd')) return money(value)
  if (key.endsWith('Tokens')) return grouped(value)
  if (/^(bytes|size)$|Bytes$/.test(key)) return bytes(value)
  if (key.endsWith('Ms')) return duration(value)
  return String(value)
}
/** Small known shapes in a few words: usage, prices, a workspace. */
function summary(value: object): string | undefined {
  const fields = value as Record<string, unknown>
  if (typeof fields['path'] === 'string' && Object.keys(fields).length === 1) return fields['path']
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, costUsd } = fields
  if ([inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, costUsd].every((part) => typeof part === 'number')) {
    const tokens = Number(inputTokens) + Number(outputTokens) + Number(cacheReadTokens) + Number(cacheWriteTokens)
    return `${grouped(tokens)} tokens, ${money(Number(costUsd))}`
  }
  return undefined
}
