import { settingKeys, type SettingKey } from '@steward/contract/daemon'
import type { RoomHandlers } from '../../platform/context.ts'
import { decodePage, encodePage } from '../../platform/page.ts'
import type { Commit } from '../../platform/storage/event-log.ts'
import type { Database } from '../../platform/storage/database.ts'
import { createSettings, parseSetting } from './settings.ts'
import { createSettingStore } from './store.ts'

const keys = Object.keys(settingKeys) as SettingKey[]
/** Settings. `settings` is what other rooms read; it is told of each change. */
export function createSettingsRoom(db: Database, env: Readonly<Record<string, string | undefined>>) {
  const store = createSettingStore(db)
  const settings = createSettings(store, env)
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
      const parsed = parseSetting(key, value)
      const answer = commit((emit) => {
        const setting = settings.preview(key, parsed)
        store.put(key, parsed)
        emit('setting.changed', { key, value: setting.value, source: setting.source })
        return setting
      })
      settings.take(key, parsed)
      return answer
    },
    async 'settings.reset'({ commit }, { key }) {
      const answer = commit((emit) => {
        const setting = settings.preview(key, undefined)
        store.remove(key)
        emit('setting.changed', { key, value: setting.value, source: setting.source })
        return setting
      })
      settings.take(key, undefined)
      return answer
    },
  } satisfies RoomHandlers
  /** Stores what the daemon itself has chosen (its port), as if a caller had. */
  const keep = (commit: Commit, key: SettingKey, value: unknown) => {
    const parsed = parseSetting(key, value)
    commit((emit) => {
      const setting = settings.preview(key, parsed)
      store.put(key, parsed)
      emit('setting.changed', { key, value: setting.value, source: setting.source })
    })
    settings.take(key, parsed)
  }
  return { handlers, settings: { get: settings.get, all: settings.all, onChange: settings.onChange }, keep }
}
