import type { Database } from '../platform/storage/database.ts'

/**
 * Memories, the pieces of them that are searched, and the index. The rowid of a piece is `scope number * 2^32 + running number`: a scope is a range
 * of rowids, so a search reads its own scopes' ranges and no other row. `words` stands where what is indexed is spelled otherwise than the text.
 * A piece has a vector where an embedding model is set; `memory_signs` holds the signs of it, few bytes to be compared with all; what still waits for
 * its vector stands in `memory_unembedded`.
 */
export const memoryTables = (db: Database): void =>
  db.exec(`
  CREATE TABLE memory_scopes (
    number INTEGER PRIMARY KEY, agent_id TEXT NOT NULL DEFAULT '', session_id TEXT NOT NULL DEFAULT '', UNIQUE (agent_id, session_id)
  ) STRICT;
  CREATE INDEX memory_scopes_session ON memory_scopes (session_id);
  INSERT INTO memory_scopes (number) VALUES (1);

  CREATE TABLE memories (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope INTEGER NOT NULL REFERENCES memory_scopes (number), kind TEXT NOT NULL, text TEXT NOT NULL,
    tags TEXT NOT NULL, source TEXT NOT NULL, hash TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, expires_at TEXT
  ) STRICT;
  CREATE UNIQUE INDEX memories_hash ON memories (scope, hash);
  CREATE INDEX memories_scope ON memories (scope, seq);
  CREATE INDEX memories_kind ON memories (kind, scope, seq);
  CREATE INDEX memories_expires ON memories (expires_at) WHERE expires_at IS NOT NULL;
  CREATE INDEX memories_updated ON memories (updated_at);
  CREATE TABLE memory_tags (
    tag TEXT NOT NULL, memory_seq INTEGER NOT NULL REFERENCES memories (seq) ON DELETE CASCADE, PRIMARY KEY (tag, memory_seq)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX memory_tags_memory ON memory_tags (memory_seq);

  CREATE TABLE memory_pieces (
    rowid INTEGER PRIMARY KEY, memory_seq INTEGER NOT NULL REFERENCES memories (seq) ON DELETE CASCADE, text TEXT NOT NULL, words TEXT, tags TEXT NOT NULL
  ) STRICT;
  CREATE INDEX memory_pieces_memory ON memory_pieces (memory_seq);
  CREATE VIRTUAL TABLE memory_search USING fts5 (
    text, tags, content='memory_pieces', content_rowid='rowid', tokenize='porter unicode61 remove_diacritics 2'
  );
  CREATE TRIGGER memory_pieces_in AFTER INSERT ON memory_pieces BEGIN
    INSERT INTO memory_search (rowid, text, tags) VALUES (new.rowid, coalesce(new.words, new.text), new.tags);
  END;
  CREATE TABLE memory_vectors (
    piece INTEGER PRIMARY KEY REFERENCES memory_pieces (rowid) ON DELETE CASCADE, model TEXT NOT NULL, vector BLOB NOT NULL
  ) STRICT;
  CREATE TABLE memory_signs (
    piece INTEGER PRIMARY KEY REFERENCES memory_vectors (piece) ON DELETE CASCADE, signs BLOB NOT NULL
  ) STRICT;
  CREATE TABLE memory_unembedded (piece INTEGER PRIMARY KEY REFERENCES memory_pieces (rowid) ON DELETE CASCADE) STRICT;
  CREATE TRIGGER memory_pieces_new AFTER INSERT ON memory_pieces BEGIN
    INSERT INTO memory_unembedded (piece) VALUES (new.rowid);
  END;
  CREATE TRIGGER memory_pieces_out AFTER DELETE ON memory_pieces BEGIN
    INSERT INTO memory_search (memory_search, rowid, text, tags) VALUES ('delete', old.rowid, coalesce(old.words, old.text), old.tags);
  END;`)
