import { settingKeys, type Setting, type SettingKey } from '@steward/contract/daemon'
import type { RoomHandlers } from '../../platform/context.ts'
import { decodePage, encodePage } from '../../platform/page.ts'
import type { Commit, Emit } from '../../platform/storage/event-log.ts'
import type { Database } from '../../platform/storage/database.ts'
import { createSettings } from './settings.ts'
import { parseSetting, type SettingSources } from './sources.ts'
import { createSettingStore } from './store.ts'
import { keysBelow, settingsIn, unknownSetting } from './tree.ts'

const keys = Object.keys(settingKeys) as SettingKey[]
type Change = readonly [key: SettingKey, value: unknown]
const list = (items: Setting[]) => ({ items, nextCursor: null })
/** Settings. `settings` is what other rooms read; it is told of each change. */
export function createSettingsRoom(db: Database, sources: SettingSources) {
  const store = createSettingStore(db)
  const settings = createSettings(store, sources)
  /** A part of a commit: stores all of them, or forgets those without a value. `take` is called when that is done. */
  const write = (emit: Emit, changes: readonly Change[]): Setting[] =>
    changes.map(([key, value]) => {
      const setting = settings.preview(key, value)
      if (value === undefined) store.remove(key)
      else store.put(key, value)
      emit('setting.changed', { key, value: setting.value, source: setting.source })
      return setting
    })
  const take = (changes: readonly Change[]) => {
    for (const [key, value] of changes) settings.take(key, value)
  }
  const changeOne = (commit: Commit, key: SettingKey, value: unknown): Setting => {
    const change: Change = [key, value]
    const answer = commit((emit) => write(emit, [change])[0] ?? settings.describe(key))
    take([change])
    return answer
  }
  const changeAll = (commit: Commit, changes: readonly Change[]) => {
    const answer = commit((emit) => list(write(emit, changes)))
    take(changes)
    return answer
  }
  const named = (name: string): SettingKey[] => {
    const found = keysBelow(name)
    return found.length > 0 ? found : unknownSetting(name)
  }
  const handlers = {
    async 'settings.list'(_context, { limit, cursor }) {
      const from = cursor === undefined ? 0 : decodePage(cursor, 'from')
      const shown = keys.slice(from, from + limit)
      return { items: shown.map(settings.describe), nextCursor: from + limit < keys.length ? encodePage({ from: from + limit }) : null }
    },
    async 'settings.get'(_context, { key }) {
      return settings.describe(key)
    },
    async 'settings.set'({ commit }, { key, value }) {
      return changeOne(commit, key, parseSetting(key, value))
    },
    async 'settings.reset'({ commit }, { key }) {
      return changeOne(commit, key, undefined)
    },
    async 'config.get'(_context, { key }) {
      return list((key === undefined ? keys : named(key)).map(settings.describe))
    },
    async 'config.set'({ commit }, { key, value }) {
      const changes = [...settingsIn(value, key)].map(([each, given]) => [each, parseSetting(each, given)] as const)
      return changeAll(commit, changes)
    },
    async 'config.reset'({ commit }, { key }) {
      const changes = named(key).map((each) => [each, undefined] as const)
      return changeAll(commit, changes)
    },
  } satisfies RoomHandlers
  return {
    handlers,
    settings: { get: settings.get, all: settings.all, onChange: settings.onChange },
    /** Stores what the daemon itself has chosen (its port), as if a caller had. */
    keep: (commit: Commit, key: SettingKey, value: unknown) => void changeOne(commit, key, parseSetting(key, value)),
    /** Takes up what the config file says now. Throws Fault `unprocessable` where it does not fit: then nothing of it counts. Answers the keys that changed. */
    takeFile(commit: Commit, file: SettingSources['file']): SettingKey[] {
      const changed = settings.previewFile(file)
      if (changed.settings.length > 0)
        commit((emit) => {
          for (const { key, value, source } of changed.settings) emit('setting.changed', { key, value, source })
        })
      changed.take()
      return changed.settings.map(({ key }) => key)
    },
  }
}
