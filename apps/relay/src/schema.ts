import type { Generated } from 'kysely'

/**
 * The tables as queries see them. One portable schema: text and whole numbers only, so that SQLite and PostgreSQL read the same SQL. Bytes are
 * base64 text, truth is 0 or 1, times are milliseconds since 1970.
 */
export interface Schema {
  accounts: {
    id: string
    /** Lower-case hex of the Ed25519 public key. */
    public_key: string
    /** The number of the account's last change. */
    seq: number
    /** Changes up to this number are gone from the log. */
    pruned_seq: number
    settings: string | null
    settings_version: number
    /** What the account holds, counted with every write; see changes/quotas.ts. */
    session_count: Generated<number>
    message_bytes: Generated<number>
    kv_bytes: Generated<number>
    artifact_bytes: Generated<number>
    attachment_bytes: Generated<number>
    /** Since when the account is being removed: nobody can log into it, and nothing is written for it. */
    closed_at: number | null
    created_at: number
    updated_at: number
  }
  devices: {
    id: string
    account_id: string
    client: string
    /** The pairing it came from, if it came from one. */
    pairing: string | null
    created_at: number
    last_seen_at: number
    expires_at: number
    revoked_at: number | null
  }
  used_challenges: { digest: string; expires_at: number }
  pairings: {
    id: string
    kind: string
    public_key: string
    supports_v2: number
    response: string | null
    account_id: string | null
    created_at: number
    expires_at: number
    claimed_at: number | null
  }
  sessions: {
    id: string
    account_id: string
    tag: string
    metadata: string
    metadata_version: number
    agent_state: string | null
    agent_state_version: number
    data_encryption_key: string | null
    /** The number of its last message. */
    seq: number
    /** What its messages weigh. */
    bytes: Generated<number>
    active: number
    active_at: number
    /** Signs of life before this time count for nothing. */
    muted_until: number
    created_at: number
    updated_at: number
  }
  messages: {
    id: string
    session_id: string
    seq: number
    local_id: string | null
    content: string
    created_at: number
  }
  machines: {
    account_id: string
    id: string
    metadata: string
    metadata_version: number
    daemon_state: string | null
    daemon_state_version: number
    data_encryption_key: string | null
    seq: number
    active: number
    active_at: number
    created_at: number
    updated_at: number
  }
  artifacts: {
    account_id: string
    id: string
    session_id: string | null
    header: string
    header_version: number
    body: string
    body_version: number
    data_encryption_key: string
    seq: number
    created_at: number
    updated_at: number
  }
  access_keys: {
    account_id: string
    session_id: string
    machine_id: string
    data: string
    data_version: number
    created_at: number
    updated_at: number
  }
  kv: { account_id: string; key: string; value: string | null; version: number; updated_at: number }
  usage_reports: {
    id: string
    account_id: string
    /** Empty where the report belongs to no session. */
    session_id: string
    key: string
    tokens: string
    cost: string
    created_at: number
    updated_at: number
  }
  push_tokens: { id: string; account_id: string; token: string; created_at: number; updated_at: number }
  vendor_tokens: { account_id: string; vendor: string; sealed: string; updated_at: number }
  attachments: {
    ref: string
    account_id: string
    session_id: string
    /** What was announced: the bytes are taken only when they are as many. */
    size: number
    /** Where the bytes lie; null until they are there. */
    key: string | null
    created_at: number
  }
  voice_sessions: {
    id: string
    account_id: string
    session_id: string | null
    room: string
    created_at: number
    ended_at: number | null
  }
  changes: {
    account_id: string
    seq: number
    t: string
    /** JSON of the body without `t`. Null where it is read from the message itself. */
    body: string | null
    session_id: string | null
    machine_id: string | null
    message_seq: number | null
    /** The socket that knows already. */
    except_socket: string | null
    created_at: number
  }
  schema_migrations: { version: number; name: string; applied_at: number }
}
