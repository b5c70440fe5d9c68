/**
 * agents.db: which skills an agent may load (null: all), moves of skills' files that are decided and may not be done yet, and what was told of each
 * skill. The skills themselves are the user's folders.
 */
export const skillTables = `
  ALTER TABLE agents ADD COLUMN skills TEXT;
  CREATE TABLE skill_moves (id TEXT PRIMARY KEY, source TEXT NOT NULL, target TEXT NOT NULL, replaces TEXT) STRICT, WITHOUT ROWID;
  CREATE TABLE skills_told (name TEXT PRIMARY KEY, print TEXT NOT NULL) STRICT, WITHOUT ROWID;`
