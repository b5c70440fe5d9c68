/**
 * Credentials of providers beside the key of `providers.set`, and how each credential does. A row of source `provider` holds no key: it says the name,
 * priority and switch of the key that stands in `providers`.
 */
export const authTables = `
  CREATE TABLE auth_profiles (
    id TEXT PRIMARY KEY, provider TEXT NOT NULL, name TEXT NOT NULL, source TEXT NOT NULL, sealed TEXT, reference TEXT, origin TEXT,
    enabled INTEGER NOT NULL, priority INTEGER NOT NULL, expires_at TEXT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX auth_profiles_by_provider ON auth_profiles (provider);
  CREATE TABLE auth_health (
    id TEXT PRIMARY KEY, health TEXT NOT NULL, cooling_until TEXT, named INTEGER NOT NULL, strikes INTEGER NOT NULL, uses INTEGER NOT NULL,
    failures INTEGER NOT NULL, last_used_at TEXT, last_error TEXT, last_error_status INTEGER, last_error_at TEXT, digest TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;`
