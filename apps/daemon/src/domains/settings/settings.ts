import { settingKeys, type Setting, type SettingKey, type Settings } from '@steward/contract/daemon'
import { z } from 'zod'
import { fromEnvironment, fromFile, fromFlags, type Given, type GivenSettings, type SettingSources } from './sources.ts'
import type { SettingStore } from './store.ts'

const keys = Object.keys(settingKeys) as SettingKey[]
interface Effective {
  readonly value: unknown
  readonly source: Setting['source']
  readonly place: string | null
}
const standard = (key: SettingKey): unknown => settingKeys[key].schema.parse(undefined)
/** What may be set, as JSON Schema: the default stands beside it, and the dialect is said once, in the contract. */
function schemaOf(key: SettingKey): Setting['schema'] {
  const whole = z.toJSONSchema(settingKeys[key].schema, { io: 'input' }) as Record<string, Setting['schema']>
  const { $schema: _dialect, default: _default, '~standard': _functions, ...rest } = whole
  return rest
}
const same = (one: Effective, other: Effective): boolean =>
  one.source === other.source && one.place === other.place && JSON.stringify(one.value) === JSON.stringify(other.value)

/**
 * Every setting, kept in memory for all rooms. A flag of the start beats the environment, which beats what is stored, which beats the config file,
 * which beats the default. A stored value that another version wrote and that does not fit counts as not stored. Throws Fault `unprocessable` when
 * what is given from outside does not fit.
 */
export function createSettings(store: SettingStore, { env, flags = [], file }: SettingSources) {
  const fixed: readonly (readonly [Setting['source'], GivenSettings])[] = [
    ['flag', fromFlags(flags)],
    ['environment', fromEnvironment(env)],
  ]
  let filed: GivenSettings = file === undefined ? new Map<SettingKey, Given>() : fromFile(file)
  const stored = new Map<string, unknown>(store.all().map(({ key, value }) => [key, JSON.parse(value) as unknown]))
  const listeners = new Set<(key: SettingKey) => void>()
  const now = new Map<SettingKey, Effective>()
  const decide = (key: SettingKey, kept: unknown, inFile: GivenSettings): Effective => {
    for (const [source, given] of fixed) {
      const found = given.get(key)
      if (found) return { ...found, source }
    }
    const fits = settingKeys[key].schema.safeParse(kept)
    if (kept !== undefined && fits.success) return { value: fits.data, source: 'stored', place: null }
    const found = inFile.get(key)
    return found ? { ...found, source: 'file' } : { value: standard(key), source: 'default', place: null }
  }
  for (const key of keys) now.set(key, decide(key, stored.get(key), filed))
  const effective = (key: SettingKey): Effective => now.get(key) ?? decide(key, undefined, filed)
  const schemas = new Map<SettingKey, Setting['schema']>()
  const schema = (key: SettingKey): Setting['schema'] => {
    const found = schemas.get(key) ?? schemaOf(key)
    schemas.set(key, found)
    return found
  }
  const shown = (key: SettingKey, { value, source, place }: Effective): Setting =>
    ({ key, value, source, place, default: standard(key), about: settingKeys[key].about, schema: schema(key) }) as Setting
  const settle = (key: SettingKey): void => {
    now.set(key, decide(key, stored.get(key), filed))
    for (const listener of listeners) listener(key)
  }
  return {
    get: <K extends SettingKey>(key: K): Settings[K] => effective(key).value as Settings[K],
    all: (): Settings => Object.fromEntries(keys.map((key) => [key, effective(key).value])) as Settings,
    /** Hears of a setting whose effective value may have changed. Returns how to stop. */
    onChange(listener: (key: SettingKey) => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    describe: (key: SettingKey): Setting => shown(key, effective(key)),
    /** What the setting would be with this stored value (undefined: none). */
    preview: (key: SettingKey, value: unknown): Setting => shown(key, decide(key, value, filed)),
    /** Takes up what was just stored. */
    take(key: SettingKey, value: unknown) {
      stored.set(key, value)
      settle(key)
    },
    /** What a changed config file changes. Throws Fault `unprocessable` for a file that does not fit, of which nothing counts. */
    previewFile(changed: SettingSources['file']) {
      const next = changed === undefined ? new Map<SettingKey, Given>() : fromFile(changed)
      const moved = keys.filter((key) => !same(effective(key), decide(key, stored.get(key), next)))
      return {
        settings: moved.map((key) => shown(key, decide(key, stored.get(key), next))),
        take() {
          filed = next
          for (const key of moved) settle(key)
        },
      }
    },
  }
}
