import { DatabaseSync } from 'node:sqlite'
import { workerData } from 'node:worker_threads'

// Runs in a thread of its own: copies the WAL into the database without stopping readers or the writer, then ends.
const { file } = workerData as { file: string }
const db = new DatabaseSync(file, { timeout: 1000 })
db.exec('PRAGMA synchronous=NORMAL; PRAGMA wal_checkpoint(PASSIVE)')
db.close()
