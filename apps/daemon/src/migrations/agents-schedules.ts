/** agents.db: schedules, and each time one of them fired or did not. */
export const scheduleTables = `
  CREATE TABLE schedules (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, status TEXT NOT NULL, settings TEXT NOT NULL, owner TEXT NOT NULL, owner_kind TEXT NOT NULL,
    scopes TEXT NOT NULL, next_at TEXT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX schedules_next ON schedules (next_at) WHERE next_at IS NOT NULL;
  CREATE INDEX schedules_status ON schedules (status, id);

  CREATE TABLE schedule_fires (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, schedule_id TEXT NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
    at TEXT NOT NULL, until TEXT, count INTEGER NOT NULL DEFAULT 1, cause TEXT NOT NULL, status TEXT NOT NULL, attempt INTEGER NOT NULL DEFAULT 0,
    session_id TEXT, run_id TEXT, execution_id TEXT, error TEXT, retry_at TEXT, deadline_at TEXT, started_at TEXT, finished_at TEXT
  ) STRICT;
  CREATE UNIQUE INDEX schedule_fires_once ON schedule_fires (schedule_id, at) WHERE cause = 'time';
  CREATE INDEX schedule_fires_order ON schedule_fires (schedule_id, seq);
  CREATE INDEX schedule_fires_open ON schedule_fires (status, seq) WHERE finished_at IS NULL;
  CREATE INDEX schedule_fires_active ON schedule_fires (schedule_id, status, seq) WHERE finished_at IS NULL;
  CREATE INDEX schedule_fires_retry ON schedule_fires (retry_at) WHERE retry_at IS NOT NULL;
  CREATE INDEX schedule_fires_deadline ON schedule_fires (deadline_at) WHERE deadline_at IS NOT NULL;
  CREATE INDEX schedule_fires_finished ON schedule_fires (finished_at) WHERE finished_at IS NOT NULL;
`
