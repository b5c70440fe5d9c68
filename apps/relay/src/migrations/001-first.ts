/** The first schema. */
export const first = {
  version: 1,
  name: 'first',
  statements: [
    `CREATE TABLE accounts (
      id TEXT PRIMARY KEY, public_key TEXT NOT NULL UNIQUE, seq BIGINT NOT NULL, pruned_seq BIGINT NOT NULL,
      settings TEXT, settings_version BIGINT NOT NULL, session_count BIGINT NOT NULL DEFAULT 0, message_bytes BIGINT NOT NULL DEFAULT 0,
      kv_bytes BIGINT NOT NULL DEFAULT 0, artifact_bytes BIGINT NOT NULL DEFAULT 0, attachment_bytes BIGINT NOT NULL DEFAULT 0, closed_at BIGINT,
      created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL)`,
    `CREATE INDEX accounts_being_removed ON accounts (closed_at) WHERE closed_at IS NOT NULL`,
    `CREATE TABLE devices (
      id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, client TEXT NOT NULL, pairing TEXT,
      created_at BIGINT NOT NULL, last_seen_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, revoked_at BIGINT)`,
    `CREATE INDEX devices_by_account ON devices (account_id, id)`,
    `CREATE INDEX devices_by_end ON devices (expires_at)`,
    `CREATE TABLE used_challenges (digest TEXT PRIMARY KEY, expires_at BIGINT NOT NULL)`,
    `CREATE INDEX used_challenges_by_end ON used_challenges (expires_at)`,
    `CREATE TABLE pairings (
      id TEXT NOT NULL, kind TEXT NOT NULL, public_key TEXT NOT NULL, supports_v2 BIGINT NOT NULL, response TEXT, account_id TEXT,
      created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, claimed_at BIGINT, PRIMARY KEY (kind, public_key))`,
    `CREATE INDEX pairings_by_end ON pairings (expires_at)`,
    `CREATE TABLE sessions (
      id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, tag TEXT NOT NULL,
      metadata TEXT NOT NULL, metadata_version BIGINT NOT NULL, agent_state TEXT, agent_state_version BIGINT NOT NULL, data_encryption_key TEXT,
      seq BIGINT NOT NULL, bytes BIGINT NOT NULL DEFAULT 0, active BIGINT NOT NULL, active_at BIGINT NOT NULL, muted_until BIGINT NOT NULL,
      created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, UNIQUE (account_id, tag))`,
    `CREATE INDEX sessions_by_change ON sessions (account_id, updated_at)`,
    `CREATE INDEX sessions_by_id ON sessions (account_id, id)`,
    `CREATE INDEX sessions_by_life ON sessions (active, active_at)`,
    `CREATE TABLE messages (
      id TEXT NOT NULL, session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, seq BIGINT NOT NULL, local_id TEXT,
      content TEXT NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (session_id, seq), UNIQUE (session_id, local_id))`,
    `CREATE TABLE machines (
      account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, id TEXT NOT NULL,
      metadata TEXT NOT NULL, metadata_version BIGINT NOT NULL, daemon_state TEXT, daemon_state_version BIGINT NOT NULL, data_encryption_key TEXT,
      seq BIGINT NOT NULL, active BIGINT NOT NULL, active_at BIGINT NOT NULL,
      created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, PRIMARY KEY (account_id, id))`,
    `CREATE INDEX machines_by_life ON machines (active, active_at)`,
    `CREATE TABLE artifacts (
      account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, id TEXT NOT NULL, session_id TEXT,
      header TEXT NOT NULL, header_version BIGINT NOT NULL, body TEXT NOT NULL, body_version BIGINT NOT NULL, data_encryption_key TEXT NOT NULL,
      seq BIGINT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, PRIMARY KEY (account_id, id))`,
    `CREATE INDEX artifacts_by_change ON artifacts (account_id, updated_at)`,
    `CREATE INDEX artifacts_by_session ON artifacts (session_id, id)`,
    `CREATE TABLE access_keys (
      account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, session_id TEXT NOT NULL, machine_id TEXT NOT NULL,
      data TEXT NOT NULL, data_version BIGINT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
      PRIMARY KEY (account_id, session_id, machine_id))`,
    `CREATE TABLE kv (
      account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, key TEXT NOT NULL, value TEXT, version BIGINT NOT NULL,
      updated_at BIGINT NOT NULL, PRIMARY KEY (account_id, key))`,
    `CREATE TABLE usage_reports (
      id TEXT NOT NULL, account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, session_id TEXT NOT NULL, key TEXT NOT NULL,
      tokens TEXT NOT NULL, cost TEXT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
      PRIMARY KEY (account_id, session_id, key))`,
    `CREATE INDEX usage_reports_by_time ON usage_reports (account_id, created_at, id)`,
    `CREATE TABLE push_tokens (
      id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, token TEXT NOT NULL,
      created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, UNIQUE (account_id, token))`,
    `CREATE TABLE vendor_tokens (
      account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, vendor TEXT NOT NULL, sealed TEXT NOT NULL, updated_at BIGINT NOT NULL,
      PRIMARY KEY (account_id, vendor))`,
    `CREATE TABLE attachments (
      ref TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, session_id TEXT NOT NULL,
      size BIGINT NOT NULL, key TEXT UNIQUE, created_at BIGINT NOT NULL)`,
    `CREATE INDEX attachments_by_session ON attachments (session_id)`,
    `CREATE INDEX attachments_by_account ON attachments (account_id, ref)`,
    `CREATE INDEX attachments_awaited ON attachments (created_at) WHERE key IS NULL`,
    `CREATE TABLE voice_sessions (
      id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, session_id TEXT, room TEXT NOT NULL UNIQUE,
      created_at BIGINT NOT NULL, ended_at BIGINT)`,
    `CREATE INDEX voice_sessions_by_account ON voice_sessions (account_id, id)`,
    `CREATE INDEX voice_sessions_by_session ON voice_sessions (session_id)`,
    `CREATE INDEX voice_sessions_by_end ON voice_sessions (ended_at, id)`,
    `CREATE TABLE changes (
      account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, seq BIGINT NOT NULL, t TEXT NOT NULL, body TEXT, session_id TEXT,
      machine_id TEXT, message_seq BIGINT, except_socket TEXT, created_at BIGINT NOT NULL, PRIMARY KEY (account_id, seq))`,
    `CREATE INDEX changes_by_time ON changes (created_at)`,
  ],
}
