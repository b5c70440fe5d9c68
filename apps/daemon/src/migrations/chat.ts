import type { Migration } from '../platform/storage/migrations.ts'
import { baseSchema } from '../platform/storage/base-schema.ts'

/** chat_history.db: conversations and everything that must change in one transaction with them. */
export const chatMigrations: readonly Migration[] = [
  {
    version: 1,
    up: `${baseSchema}
  CREATE TABLE sessions (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, agent_id TEXT NOT NULL, model TEXT NOT NULL, workspace TEXT NOT NULL,
    permission_mode TEXT NOT NULL, budget_usd REAL, limits TEXT NOT NULL DEFAULT '{}', status TEXT NOT NULL, archived INTEGER NOT NULL DEFAULT 0,
    parent_id TEXT, run_id TEXT, todos TEXT NOT NULL DEFAULT '[]', compaction TEXT, next_position INTEGER NOT NULL DEFAULT 1,
    input_tokens INTEGER NOT NULL DEFAULT 0, output_tokens INTEGER NOT NULL DEFAULT 0, cache_read_tokens INTEGER NOT NULL DEFAULT 0,
    cache_write_tokens INTEGER NOT NULL DEFAULT 0, cost_usd REAL NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX sessions_recent ON sessions (archived, updated_at DESC, id DESC);
  CREATE INDEX sessions_status ON sessions (status, archived, updated_at DESC, id DESC);

  CREATE TABLE runs (
    id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, agent_id TEXT NOT NULL, status TEXT NOT NULL, stop TEXT, error TEXT,
    output TEXT, model TEXT NOT NULL, options TEXT NOT NULL, origin TEXT, caller TEXT NOT NULL, steps INTEGER NOT NULL DEFAULT 0, tool_calls INTEGER NOT NULL DEFAULT 0,
    resumes INTEGER NOT NULL DEFAULT 0, elapsed_ms REAL NOT NULL DEFAULT 0, first_position INTEGER NOT NULL DEFAULT 0,
    input_tokens INTEGER NOT NULL DEFAULT 0, output_tokens INTEGER NOT NULL DEFAULT 0, cache_read_tokens INTEGER NOT NULL DEFAULT 0,
    cache_write_tokens INTEGER NOT NULL DEFAULT 0, cost_usd REAL NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL, started_at TEXT, finished_at TEXT
  ) STRICT;
  CREATE INDEX runs_session ON runs (session_id, id DESC);
  CREATE INDEX runs_status ON runs (status, id);

  CREATE TABLE messages (
    id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, run_id TEXT, position INTEGER NOT NULL,
    role TEXT NOT NULL, status TEXT NOT NULL, delivery TEXT NOT NULL DEFAULT 'queue', text TEXT NOT NULL, reasoning TEXT, model TEXT, parts TEXT,
    origin TEXT, synthetic INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL,
    UNIQUE (session_id, position)
  ) STRICT;
  CREATE INDEX messages_run ON messages (run_id, position);
  CREATE INDEX messages_steering ON messages (session_id, position) WHERE status = 'queued' AND delivery = 'steer';
  CREATE TABLE message_chunks (
    message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE, at INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (message_id, at)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE message_files (
    message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE, ordinal INTEGER NOT NULL, file_id TEXT NOT NULL,
    PRIMARY KEY (message_id, ordinal)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX message_files_file ON message_files (file_id);

  CREATE TABLE ledger (
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, line INTEGER NOT NULL, at TEXT NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL,
    PRIMARY KEY (run_id, line)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE request_parts (hash BLOB PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE tool_calls (
    id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, run_id TEXT NOT NULL,
    message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE, ordinal INTEGER NOT NULL, tool_id TEXT NOT NULL, input TEXT NOT NULL, status TEXT NOT NULL, output TEXT, text TEXT,
    created_at TEXT NOT NULL, started_at TEXT, finished_at TEXT
  ) STRICT;
  CREATE INDEX tool_calls_message ON tool_calls (message_id, ordinal);
  CREATE INDEX tool_calls_session ON tool_calls (session_id);
  CREATE INDEX tool_calls_run ON tool_calls (run_id);

  CREATE TABLE approvals (
    id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, run_id TEXT NOT NULL, call_id TEXT NOT NULL UNIQUE,
    tool_id TEXT NOT NULL, input TEXT NOT NULL, hash TEXT NOT NULL, reason TEXT NOT NULL, preview TEXT, suggested TEXT, status TEXT NOT NULL,
    settled_by TEXT, note TEXT, created_at TEXT NOT NULL, expires_at TEXT NOT NULL, settled_at TEXT
  ) STRICT;
  CREATE INDEX approvals_status ON approvals (status, id);
  CREATE INDEX approvals_session ON approvals (session_id, status, id);
  CREATE INDEX approvals_expiry ON approvals (status, expires_at);
  CREATE TABLE questions (
    id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, run_id TEXT NOT NULL, call_id TEXT NOT NULL UNIQUE,
    items TEXT NOT NULL, status TEXT NOT NULL, answers TEXT, created_at TEXT NOT NULL, settled_at TEXT
  ) STRICT;
  CREATE INDEX questions_status ON questions (status, id);
  CREATE INDEX questions_session ON questions (session_id, status, id);
  CREATE TABLE permission_rules (
    id TEXT PRIMARY KEY, tool TEXT NOT NULL, pattern TEXT, action TEXT NOT NULL, level TEXT NOT NULL,
    session_id TEXT REFERENCES sessions (id) ON DELETE CASCADE, workspace TEXT, created_at TEXT NOT NULL, expires_at TEXT
  ) STRICT;
  CREATE INDEX permission_rules_session ON permission_rules (session_id);
  CREATE INDEX permission_rules_workspace ON permission_rules (workspace);

  CREATE TABLE files (
    id TEXT PRIMARY KEY, session_id TEXT REFERENCES sessions (id) ON DELETE CASCADE, name TEXT NOT NULL, media_type TEXT NOT NULL,
    size INTEGER NOT NULL, sha256 TEXT NOT NULL, created_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX files_session ON files (session_id, id DESC);
  CREATE INDEX files_sha256 ON files (sha256);
  CREATE TABLE checkpoints (
    id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, run_id TEXT NOT NULL, message_id TEXT NOT NULL,
    position INTEGER NOT NULL, workspace TEXT NOT NULL, commit_id TEXT NOT NULL, created_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX checkpoints_session ON checkpoints (session_id, position);

  CREATE TABLE search_rows (
    rowid INTEGER PRIMARY KEY, session_id TEXT NOT NULL, message_id TEXT UNIQUE, text TEXT NOT NULL, at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX search_rows_session ON search_rows (session_id, message_id);
  CREATE VIRTUAL TABLE search USING fts5 (text, content='search_rows', content_rowid='rowid', tokenize='trigram');
  CREATE TRIGGER search_rows_in AFTER INSERT ON search_rows BEGIN INSERT INTO search (rowid, text) VALUES (new.rowid, new.text); END;
  CREATE TRIGGER search_rows_out AFTER DELETE ON search_rows BEGIN INSERT INTO search (search, rowid, text) VALUES ('delete', old.rowid, old.text); END;
  CREATE TRIGGER search_rows_up AFTER UPDATE ON search_rows BEGIN
    INSERT INTO search (search, rowid, text) VALUES ('delete', old.rowid, old.text);
    INSERT INTO search (rowid, text) VALUES (new.rowid, new.text);
  END;`,
  },
  {
    version: 2,
    up: `CREATE TABLE session_marks (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, position INTEGER NOT NULL, at TEXT NOT NULL, facts TEXT NOT NULL
  ) STRICT;
  CREATE INDEX session_marks_session ON session_marks (session_id, seq);`,
  },
]
