/** agents.db, version 2: apps, plans, workflows, executions with their steps and approvals. */
export const executionTables = `
  CREATE TABLE apps (
    id TEXT PRIMARY KEY, name TEXT, server TEXT, trusted INTEGER NOT NULL DEFAULT 0, timeout_ms INTEGER NOT NULL DEFAULT 120000,
    enabled INTEGER NOT NULL DEFAULT 1, settings TEXT NOT NULL DEFAULT '{}', updated_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE plans (
    id TEXT PRIMARY KEY, intent TEXT NOT NULL, text TEXT NOT NULL, steps TEXT NOT NULL, sealed TEXT, confidence REAL NOT NULL, planner TEXT NOT NULL,
    caller TEXT NOT NULL, workspace TEXT NOT NULL, hash TEXT NOT NULL, tools TEXT NOT NULL, created_at TEXT NOT NULL, expires_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX plans_caller ON plans (caller);
  CREATE INDEX plans_expiry ON plans (expires_at);

  CREATE TABLE workflows (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, name TEXT NOT NULL, uses TEXT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX workflows_name ON workflows (name, id);
  CREATE INDEX workflows_order ON workflows (updated_at DESC, id DESC);
  CREATE INDEX workflows_uses ON workflows (id) WHERE uses IS NOT NULL;
  CREATE TABLE workflow_versions (
    workflow_id TEXT NOT NULL REFERENCES workflows (id) ON DELETE CASCADE, version INTEGER NOT NULL, definition TEXT NOT NULL,
    created_by TEXT NOT NULL, created_at TEXT NOT NULL,
    PRIMARY KEY (workflow_id, version)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE executions (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, plan_id TEXT, workflow_id TEXT, workflow_version INTEGER, tool_id TEXT, app_id TEXT,
    caller TEXT NOT NULL, scopes TEXT NOT NULL, door TEXT NOT NULL, status TEXT NOT NULL, workspace TEXT NOT NULL,
    inputs TEXT, program TEXT, sealed TEXT, outputs TEXT, errors TEXT, resumes INTEGER NOT NULL DEFAULT 0, stalled INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL, started_at TEXT, finished_at TEXT
  ) STRICT;
  CREATE UNIQUE INDEX executions_plan ON executions (plan_id) WHERE plan_id IS NOT NULL;
  CREATE INDEX executions_tool ON executions (tool_id, seq) WHERE tool_id IS NOT NULL;
  CREATE INDEX executions_app ON executions (app_id, seq) WHERE app_id IS NOT NULL;
  CREATE INDEX executions_workflow ON executions (workflow_id, seq) WHERE workflow_id IS NOT NULL;
  CREATE INDEX executions_status ON executions (status, seq);
  CREATE INDEX executions_caller ON executions (caller, seq);
  CREATE INDEX executions_created ON executions (created_at, seq);
  CREATE INDEX executions_finished ON executions (finished_at) WHERE finished_at IS NOT NULL;

  CREATE TABLE execution_steps (
    seq INTEGER PRIMARY KEY, execution_seq INTEGER NOT NULL REFERENCES executions (seq) ON DELETE CASCADE, step TEXT NOT NULL,
    tool_id TEXT, call_id TEXT, status TEXT NOT NULL, inputs TEXT, sealed TEXT, outputs TEXT, error TEXT, attempts INTEGER NOT NULL DEFAULT 0,
    retry_at TEXT, started_at TEXT, finished_at TEXT,
    UNIQUE (execution_seq, step)
  ) STRICT;

  CREATE TABLE execution_approvals (
    id TEXT PRIMARY KEY, execution_id TEXT NOT NULL, execution_seq INTEGER NOT NULL REFERENCES executions (seq) ON DELETE CASCADE, step TEXT NOT NULL,
    call_id TEXT NOT NULL UNIQUE, tool_id TEXT NOT NULL, workspace TEXT NOT NULL, input TEXT NOT NULL, hash TEXT NOT NULL, reason TEXT NOT NULL,
    preview TEXT, suggested TEXT, status TEXT NOT NULL, settled_by TEXT, note TEXT, created_at TEXT NOT NULL, expires_at TEXT NOT NULL, settled_at TEXT
  ) STRICT;
  CREATE INDEX execution_approvals_status ON execution_approvals (status, id);
  CREATE INDEX execution_approvals_execution ON execution_approvals (execution_id, status, id);
  CREATE INDEX execution_approvals_seq ON execution_approvals (execution_seq);
`
