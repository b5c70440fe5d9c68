import { Fault } from '@steward/contract'
import type { RoomHandlers } from '../../platform/context.ts'
import type { SecretBox } from '../../platform/secrets/box.ts'
import type { Database } from '../../platform/storage/database.ts'
import type { Commit } from '../../platform/storage/event-log.ts'
import { createSecretStore } from './store.ts'

/** Of the state of a login: its tokens and codes, but no address and no short word. */
const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return value.length >= 16 && !URL.canParse(value) ? [value] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
const sealName = (name: string) => `secret:${name}`
/** Secrets of apps: sealed at rest, bound to their names, never shown again. */
export function createSecretsRoom(db: Database, box: SecretBox) {
  const store = createSecretStore(db)
  const value = (name: string): string | undefined => {
    const sealed = store.sealed(name)
    return sealed === undefined ? undefined : box.open(sealName(name), sealed)
  }
  const handlers = {
    async 'secrets.set'({ commit }, { name, value: text }) {
      const updatedAt = new Date().toISOString()
      return commit((emit) => {
        store.put(name, box.seal(sealName(name), text), updatedAt)
        emit('secret.changed', { name, removed: false })
        return { name, updatedAt }
      })
    },
    async 'secrets.list'(_context, page) {
      return store.list(page)
    },
    async 'secrets.remove'({ commit }, { name }) {
      return commit((emit) => {
        if (!store.remove(name)) throw new Fault('not_found', `There is no secret ${name}.`)
        emit('secret.changed', { name, removed: true })
        return null
      })
    },
  } satisfies RoomHandlers
  return {
    handlers,
    value,
    /** Every value there is, for taking them out of whatever leaves; of what Steward keeps as JSON the texts in it. */
    values: (): string[] =>
      store.all().flatMap(({ name }) => {
        const text = value(name)
        if (text === undefined) return []
        return name.includes('$') ? textsIn(JSON.parse(text)) : [text]
      }),
    /** Keeps something of Steward's own, such as the state of a login. `name` holds a `$`. */
    keep: (commit: Commit, name: string, text: string) => commit(() => store.put(name, box.seal(sealName(name), text), new Date().toISOString())),
  }
}
