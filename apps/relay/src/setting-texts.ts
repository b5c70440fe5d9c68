import { z } from 'zod'

/** Reads a setting from text. Its fault says, after "must be", what it must be. */
export type SettingText<T> = z.ZodType<T, string>

const read = <T>(must: string, parse: (text: string) => T | undefined): SettingText<T> =>
  z.string().transform((text, context) => {
    const value = parse(text.trim())
    if (value !== undefined) return value
    context.addIssue({ code: 'custom', message: must })
    return z.NEVER
  })
const matched = <T>(pattern: RegExp, use: (match: readonly string[]) => T) => {
  return (text: string): T | undefined => {
    const match = pattern.exec(text)
    return match ? use([...match].map((part) => part ?? '')) : undefined
  }
}
const scaled = (must: string, units: Readonly<Record<string, number>>): SettingText<number> =>
  read(
    must,
    matched(/^(\d{1,15})\s*([a-z]*)$/i, ([, number, unit = '']) => {
      const scale = units[unit.toLowerCase()]
      return scale === undefined ? undefined : Number(number) * scale
    }) as (text: string) => number | undefined,
  )
/** Text that is not empty. */
export const text = read('some text', (given) => (given === '' ? undefined : given))
/** A whole number within bounds. */
export const whole = (least: number, most: number): SettingText<number> =>
  read(`a whole number from ${least} to ${most}`, (given) => {
    const number = Number(given)
    return /^\d+$/.test(given) && number >= least && number <= most ? number : undefined
  })
/** A duration such as `90s` or `365d`, in ms; a bare number is ms. */
export const duration = scaled('a duration such as 500ms, 90s, 15m, 12h or 365d', {
  '': 1,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
})
/** A size such as `32MiB`, in bytes; a bare number is bytes. */
export const size = scaled('a size in bytes such as 65536, 64KiB or 32MiB', { '': 1, b: 1, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3 })
/** Yes or no, in the usual words. */
export const yesOrNo = read('true or false', (given) =>
  /^(true|yes|on|1)$/i.test(given) ? true : /^(false|no|off|0)$/i.test(given) ? false : undefined,
)
/** One of some words. */
export const oneOf = <T extends string>(words: readonly T[]): SettingText<T> =>
  read(`one of ${words.join(', ')}`, (given) => words.find((word) => word === given.toLowerCase()))
/** A URL of one of some schemes. It may hold a password, so it is never shown. */
export const url = (...schemes: readonly string[]): SettingText<string> =>
  read(`a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`, (given) =>
    URL.canParse(given) && schemes.some((scheme) => new URL(given).protocol === `${scheme}:`) ? given : undefined,
  )
