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
const durations = { '': 1, ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const sizes = { '': 1, b: 1, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3, tib: 1024 ** 4 }
/** A number with a unit, in the smallest one. */
const inUnits = (text: string, units: Readonly<Record<string, number>>): number | undefined => {
  const [, number, unit = ''] = /^(\d{1,12})\s*([a-z]*)$/i.exec(text) ?? []
  const scale = units[unit.toLowerCase()]
  return number === undefined || scale === undefined ? undefined : Number(number) * scale
}
const scaled = (what: string, units: Readonly<Record<string, number>>, least: string, most: string): SettingText<number> => {
  const [lower = 0, upper = 0] = [inUnits(least, units), inUnits(most, units)]
  return read(`${what}, from ${least} to ${most}`, (text) => {
    const value = inUnits(text, units)
    return value !== undefined && value >= lower && value <= upper ? value : undefined
  })
}
/** Text that is not empty. */
export const text = read('some text', (given) => (given === '' ? undefined : given))
/** A whole number within bounds. */
export const whole = (least: number, most: number): SettingText<number> =>
  read(`a whole number from ${least} to ${most}`, (given) => {
    const number = Number(given)
    return /^\d+$/.test(given) && number >= least && number <= most ? number : undefined
  })
/** A duration such as `90s` or `365d` within bounds that are written so too, in ms; a bare number is ms. */
export const duration = (least: string, most: string): SettingText<number> =>
  scaled('a duration such as 500ms, 90s, 15m, 12h or 365d', durations, least, most)
/** A size such as `32MiB` within bounds that are written so too, in bytes; a bare number is bytes. */
export const size = (least: string, most: string): SettingText<number> => scaled('a size such as 65536, 64KiB or 32MiB', sizes, least, most)
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
