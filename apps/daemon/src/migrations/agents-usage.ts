/** agents.db: which task has started a run, so that usage is summed by task, also when the task is gone; and usage lines by their run. */
export const usageTables = `
  CREATE TABLE task_runs (run_id TEXT PRIMARY KEY, task_id TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX task_runs_task ON task_runs (task_id);
  INSERT INTO task_runs (run_id, task_id) SELECT run_id, schedule_id FROM schedule_fires WHERE run_id IS NOT NULL GROUP BY run_id;
  CREATE INDEX usage_lines_run ON usage_lines (run_id, at);
  CREATE INDEX run_usage_agent ON run_usage (agent_id, seq);
`
