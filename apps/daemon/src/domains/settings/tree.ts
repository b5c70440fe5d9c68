import { Fault } from '@steward/contract'
import { settingKeys, type SettingKey } from '@steward/contract/daemon'

const keys = Object.keys(settingKeys) as SettingKey[]
const isKey = (name: string): name is SettingKey => Object.hasOwn(settingKeys, name)
/** The keys that a dotted name means: the one, or all below it. */
export const keysBelow = (name: string): SettingKey[] => (isKey(name) ? [name] : keys.filter((key) => key.startsWith(`${name}.`)))

/** Throws Fault `unprocessable` for a name that means no setting, with one that is written nearly so. */
export function unknownSetting(name: string, where = ''): never {
  const [nearest] = keys.map((key) => ({ key, far: distance(name.toLowerCase(), key.toLowerCase()) })).toSorted((one, other) => one.far - other.far)
  const hint = nearest && nearest.far <= Math.max(2, name.length / 3) ? `; did you mean ${nearest.key}?` : '; steward config get shows all.'
  throw new Fault('unprocessable', `${where}There is no setting ${name}${hint}`)
}
/**
 * The settings in a tree of objects: `{"log": {"level": "debug"}}`, or `{"log.level": "debug"}`. `below` is where the tree stands. Throws Fault
 * `unprocessable` for a name that means none, and for a value where there must be an object.
 */
export function settingsIn(tree: unknown, below = '', where = ''): Map<SettingKey, unknown> {
  const found = new Map<SettingKey, unknown>()
  const walk = (value: unknown, name: string): void => {
    if (isKey(name)) {
      if (found.has(name)) throw new Fault('unprocessable', `${where}The setting ${name} is given twice.`)
      found.set(name, value)
      return
    }
    if (name !== '' && keysBelow(name).length === 0) unknownSetting(name, where)
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Fault('unprocessable', `${where}${name === '' ? 'It' : `The value of ${name}`} must be an object of settings.`)
    for (const [part, inner] of Object.entries(value)) walk(inner, name === '' ? part : `${name}.${part}`)
  }
  walk(tree, below)
  return found
}
/** How many letters must be changed, added or left out. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, place) => place)
  for (let at = 1; at <= one.length; at++) {
    const next = [at]
    for (let place = 1; place <= other.length; place++) {
      const same = one[at - 1] === other[place - 1] ? 0 : 1
      next.push(Math.min((row[place] ?? 0) + 1, (next[place - 1] ?? 0) + 1, (row[place - 1] ?? 0) + same))
    }
    row = next
  }
  return row[other.length] ?? 0
}
