import { Fault } from '@steward/contract'
import { settingKeys, type SettingKey } from '@steward/contract/daemon'
import { coerce } from '@steward/kernel'
import { z } from 'zod'
import { settingsIn, unknownSetting } from './tree.ts'

/** A value that was given from outside, and where. */
export interface Given {
  readonly value: unknown
  readonly place: string
}
export type GivenSettings = ReadonlyMap<SettingKey, Given>
export interface SettingSources {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Values of the command line that started the daemon, by their keys: as text, with the flag. */
  readonly flags?: readonly { readonly key: string; readonly text: string; readonly flag: string }[]
  /** The config file and its text; none where there is no file. */
  readonly file?: { readonly path: string; readonly text: string } | undefined
}
/** The environment variable that beats a stored setting: `server.allowedHosts` is STEWARD_SERVER_ALLOWED_HOSTS. */
export const settingVariable = (key: string): string =>
  `STEWARD_${key
    .replaceAll('.', '_')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toUpperCase()}`

/** Checks a value against the schema of its setting. Throws Fault `unprocessable` with the reason; `where` names the place it came from. */
export function parseSetting(key: SettingKey, value: unknown, where = `The setting ${key}`): unknown {
  const parsed = settingKeys[key].schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = issue && issue.path.length > 0 ? ` (at ${issue.path.join('.')})` : ''
  throw new Fault('unprocessable', `${where} does not take this value${place}: ${issue?.message ?? 'it does not fit'}. ${settingKeys[key].about}`)
}
const fromText = (key: SettingKey, text: string): unknown => {
  if (text === 'null') return null
  return coerce(z.object({ [key]: settingKeys[key].schema }), { [key]: text })[key]
}
/** What the environment says. Throws Fault `unprocessable` with the variable's name. */
export function fromEnvironment(env: SettingSources['env']): GivenSettings {
  const given = new Map<SettingKey, Given>()
  for (const key of Object.keys(settingKeys) as SettingKey[]) {
    const place = settingVariable(key)
    const text = env[place]
    if (text !== undefined) given.set(key, { value: parseSetting(key, fromText(key, text), `The environment variable ${place}`), place })
  }
  return given
}
/** What the flags of the start say. Throws Fault `unprocessable` with the flag. */
export function fromFlags(flags: NonNullable<SettingSources['flags']>): GivenSettings {
  const given = new Map<SettingKey, Given>()
  for (const { key, text, flag } of flags) {
    if (!Object.hasOwn(settingKeys, key)) unknownSetting(key, `${flag}: `)
    const known = key as SettingKey
    given.set(known, { value: parseSetting(known, fromText(known, text), `The flag ${flag}`), place: flag })
  }
  return given
}
/** What the config file says: JSON, all of it or a Fault `unprocessable` with the place. */
export function fromFile({ path, text }: NonNullable<SettingSources['file']>): GivenSettings {
  let tree: unknown
  try {
    tree = JSON.parse(text)
  } catch (error) {
    throw new Fault('unprocessable', `The config file ${path} is not JSON: ${(error as Error).message}.`, undefined, { cause: error })
  }
  const given = new Map<SettingKey, Given>()
  for (const [key, value] of settingsIn(tree, '', `The config file ${path}: `))
    given.set(key, { value: parseSetting(key, value, `The config file ${path}: ${key}`), place: path })
  return given
}
