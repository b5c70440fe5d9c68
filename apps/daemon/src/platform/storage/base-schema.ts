/** What every database has: its event log, how far it was pruned, the keys of idempotent calls, and the places of readers that write here. */
export const baseSchema = `
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, epoch INTEGER NOT NULL, at TEXT NOT NULL, name TEXT NOT NULL,
    session_id TEXT, run_id TEXT, data TEXT NOT NULL
  ) STRICT;
  CREATE INDEX events_session ON events (session_id, seq) WHERE session_id IS NOT NULL;
  CREATE INDEX events_at ON events (at);
  CREATE TABLE log_state (only INTEGER PRIMARY KEY CHECK (only = 1), epoch INTEGER NOT NULL, pruned_to INTEGER NOT NULL) STRICT;
  INSERT INTO log_state (only, epoch, pruned_to) VALUES (1, 1, 0);
  CREATE TABLE idempotency (
    caller TEXT NOT NULL, operation TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL, answer TEXT, created_at TEXT NOT NULL,
    PRIMARY KEY (caller, operation, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE cursors (consumer TEXT NOT NULL, log TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (consumer, log)) STRICT, WITHOUT ROWID;
  CREATE INDEX idempotency_created ON idempotency (created_at);
`
