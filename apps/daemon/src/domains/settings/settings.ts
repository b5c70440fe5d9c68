import { Fault } from '@steward/contract'
import { settingKeys, type Setting, type SettingKey, type Settings } from '@steward/contract/daemon'
import { coerce } from '@steward/kernel'
import { z } from 'zod'
import type { SettingStore } from './store.ts'

const keys = Object.keys(settingKeys) as SettingKey[]
type Source = Setting['source']
interface Effective {
  readonly value: unknown
  readonly source: Source
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
const standard = (key: SettingKey): unknown => settingKeys[key].schema.parse(undefined)
const fromText = (key: SettingKey, text: string): unknown => {
  if (text === 'null') return null
  return coerce(z.object({ [key]: settingKeys[key].schema }), { [key]: text })[key]
}

/**
 * Every setting, kept in memory for all rooms: the environment beats what is stored, which beats the default. A stored value that an other
 * version wrote and that does not fit counts as not stored. Throws Fault `unprocessable` when an environment variable does not fit.
 */
export function createSettings(store: SettingStore, env: Readonly<Record<string, string | undefined>>) {
  const given = new Map<SettingKey, unknown>()
  for (const key of keys) {
    const text = env[settingVariable(key)]
    if (text !== undefined) given.set(key, parseSetting(key, fromText(key, text), `The environment variable ${settingVariable(key)}`))
  }
  const listeners = new Set<(key: SettingKey) => void>()
  const now = new Map<SettingKey, Effective>()
  const decide = (key: SettingKey, stored: unknown): Effective => {
    if (given.has(key)) return { value: given.get(key), source: 'environment' }
    const fits = settingKeys[key].schema.safeParse(stored)
    return stored !== undefined && fits.success ? { value: fits.data, source: 'stored' } : { value: standard(key), source: 'default' }
  }
  const stored = new Map(store.all().map(({ key, value }) => [key, JSON.parse(value) as unknown]))
  for (const key of keys) now.set(key, decide(key, stored.get(key)))
  const effective = (key: SettingKey): Effective => now.get(key) ?? decide(key, undefined)
  return {
    get: <K extends SettingKey>(key: K): Settings[K] => effective(key).value as Settings[K],
    all: (): Settings => Object.fromEntries(keys.map((key) => [key, effective(key).value])) as Settings,
    /** Hears of a setting whose effective value may have changed. Returns how to stop. */
    onChange(listener: (key: SettingKey) => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    describe: (key: SettingKey): Setting => ({ key, ...effective(key), default: standard(key), about: settingKeys[key].about }) as Setting,
    /** What the setting would be with this stored value (undefined: none). */
    preview: (key: SettingKey, value: unknown): Setting =>
      ({ key, ...decide(key, value), default: standard(key), about: settingKeys[key].about }) as Setting,
    /** Takes up what was just stored. */
    take(key: SettingKey, value: unknown) {
      now.set(key, decide(key, value))
      for (const listener of listeners) listener(key)
    },
  }
}
