/**
 * agents.db: schedules are tasks now, so their ids are those of tasks; a fire may come from an event, a webhook or a hook, once for each `key`; hooks, and
 * the outbox that holds what is to be sent.
 */
export const taskTables = `
  PRAGMA defer_foreign_keys = ON;
  UPDATE schedule_fires SET schedule_id = 'task_' || substr(schedule_id, 5) WHERE schedule_id LIKE 'sch\\_%' ESCAPE '\\';
  UPDATE schedules SET id = 'task_' || substr(id, 5) WHERE id LIKE 'sch\\_%' ESCAPE '\\';

  ALTER TABLE schedules ADD COLUMN since TEXT;
  ALTER TABLE schedules ADD COLUMN webhook_id TEXT;
  ALTER TABLE schedules ADD COLUMN webhook_secret TEXT;
  CREATE INDEX schedules_since ON schedules (id) WHERE since IS NOT NULL;
  CREATE UNIQUE INDEX schedules_webhook ON schedules (webhook_id) WHERE webhook_id IS NOT NULL;

  ALTER TABLE schedule_fires ADD COLUMN key TEXT;
  ALTER TABLE schedule_fires ADD COLUMN input TEXT;
  ALTER TABLE schedule_fires ADD COLUMN chain TEXT NOT NULL DEFAULT '[]';
  CREATE UNIQUE INDEX schedule_fires_key ON schedule_fires (schedule_id, key) WHERE key IS NOT NULL;
  CREATE INDEX schedule_fires_session ON schedule_fires (session_id, seq) WHERE session_id IS NOT NULL;
  CREATE INDEX schedule_fires_execution ON schedule_fires (execution_id, seq) WHERE execution_id IS NOT NULL;

  CREATE TABLE hooks (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, active INTEGER NOT NULL, settings TEXT NOT NULL, secret TEXT NOT NULL, since TEXT NOT NULL,
    owner TEXT NOT NULL, owner_kind TEXT NOT NULL, scopes TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX hooks_active ON hooks (id) WHERE active = 1;

  CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, target TEXT NOT NULL, subject TEXT NOT NULL, payload TEXT NOT NULL,
    status TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, error TEXT, next_at TEXT, created_at TEXT NOT NULL, finished_at TEXT
  ) STRICT;
  CREATE INDEX outbox_due ON outbox (target, next_at, seq) WHERE next_at IS NOT NULL;
  CREATE INDEX outbox_next ON outbox (next_at) WHERE next_at IS NOT NULL;
  CREATE INDEX outbox_target ON outbox (target, seq);
  CREATE INDEX outbox_status ON outbox (target, status, seq);
  CREATE INDEX outbox_finished ON outbox (finished_at) WHERE finished_at IS NOT NULL;
`
