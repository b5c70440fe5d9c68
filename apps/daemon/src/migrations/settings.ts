import type { Migration } from '../platform/storage/migrations.ts'
import { baseSchema } from '../platform/storage/base-schema.ts'
import { authTables } from './settings-auth.ts'

/** settings.db: settings, access tokens, model providers with their sealed keys, more credentials of them, prices. */
export const settingsMigrations: readonly Migration[] = [
  {
    version: 1,
    up: `${baseSchema}
  CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL, updated_at TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE tokens (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, scopes TEXT NOT NULL, hash BLOB NOT NULL UNIQUE, created_by TEXT NOT NULL, created_at TEXT NOT NULL,
    expires_at TEXT, last_used_at TEXT, revoked_at TEXT
  ) STRICT;
  CREATE INDEX tokens_by_maker ON tokens (created_by);
  CREATE TABLE secrets (name TEXT PRIMARY KEY, sealed TEXT NOT NULL, updated_at TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE providers (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, base_url TEXT, api TEXT NOT NULL, sealed_key TEXT, models TEXT NOT NULL DEFAULT '[]', updated_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE prices (
    model TEXT PRIMARY KEY, input REAL NOT NULL, output REAL NOT NULL, cache_read REAL NOT NULL, cache_write REAL NOT NULL,
    context_tokens INTEGER, max_output_tokens INTEGER, updated_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;`,
  },
  {
    version: 2,
    up: 'CREATE TABLE app_secrets (name TEXT PRIMARY KEY, sealed TEXT NOT NULL, updated_at TEXT NOT NULL) STRICT, WITHOUT ROWID;',
  },
  { version: 3, up: authTables },
  {
    version: 4,
    up: `CREATE TABLE logins (
    id TEXT PRIMARY KEY, client TEXT, address TEXT, created_at TEXT NOT NULL, expires_at TEXT NOT NULL, last_used_at TEXT, ended_at TEXT
  ) STRICT, WITHOUT ROWID;`,
  },
]
