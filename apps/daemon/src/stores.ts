import { mkdirSync } from 'node:fs'
import { agentsMigrations } from './migrations/agents.ts'
import { chatMigrations } from './migrations/chat.ts'
import { settingsMigrations } from './migrations/settings.ts'
import type { Sync } from '@steward/kernel/barrier'
import { openStore, type DatabaseName, type Store } from './platform/storage/store.ts'

/** Opens the three databases, migrated and durable. Closes what it had opened when one of them fails. */
export async function openStores(home: string, sync?: Sync): Promise<Record<DatabaseName, Store>> {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const opened: Store[] = []
  try {
    const open = async (name: DatabaseName, migrations: typeof chatMigrations) => {
      const store = await openStore(home, name, migrations, sync)
      opened.push(store)
      return store
    }
    return {
      settings: await open('settings', settingsMigrations),
      agents: await open('agents', agentsMigrations),
      chat: await open('chat', chatMigrations),
    }
  } catch (error) {
    for (const store of opened) await store.close()
    throw error
  }
}
