import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export const counts = { sessions: 10_000, messages: 10_000, searched: 100_000, events: 10_000 }
const vocabulary =
  'the quick brown fox jumps over a lazy dog while one database engine reads files and writes answers about memory tools agents north south river mountain'.split(
    ' ',
  )
const textOf = (n: number) => Array.from({ length: 12 }, (_, k) => vocabulary[(n * 7 + k * k * 13 + (n >> (k % 9))) % vocabulary.length]).join(' ')

/**
 * Fills the chat database of a daemon that is stopped: 10,000 sessions like the one that is there, 10,000 messages and as many events in that one,
 * 90,000 messages in another, and all messages in the search's index, 20 of them with the word `needle`.
 */
export function fillChat(home: string, sessionId: string): void {
  const db = new DatabaseSync(path.join(home, 'chat_history.db'))
  const at = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString()
  const columns = (db.prepare("SELECT name FROM pragma_table_info('sessions')").all() as { name: string }[]).map(({ name }) => name)
  const kept = columns.filter((name) => name !== 'id' && name !== 'title' && name !== 'updated_at').join(', ')
  const session = db.prepare(`INSERT INTO sessions (id, title, updated_at, ${kept}) SELECT ?, ?, ?, ${kept} FROM sessions WHERE id = ?`)
  const message = db.prepare(`INSERT INTO messages (id, session_id, position, role, status, text, created_at) VALUES (?, ?, ?, ?, 'final', ?, ?)`)
  const event = db.prepare(`INSERT INTO events (epoch, at, name, session_id, data) VALUES (1, ?, 'session.renamed', ?, ?)`)
  const searched = db.prepare('INSERT INTO search_rows (session_id, message_id, text, at) VALUES (?, ?, ?, ?)')
  const newId = (letters: string, n: number) => `${letters}_${n.toString(32).padStart(26, '0')}`
  const sessionOf = (n: number) => (n <= counts.messages ? sessionId : newId('ses', 1))
  db.exec('PRAGMA synchronous=OFF; BEGIN')
  for (let n = 1; n < counts.sessions; n++) session.run(newId('ses', n), `Session ${n}: ${textOf(n).slice(0, 40)}`, at(n), sessionId)
  for (let n = 1; n <= counts.searched; n++)
    message.run(newId('msg', n), sessionOf(n), n, n % 2 === 1 ? 'user' : 'assistant', textOf(n).repeat(4), at(n))
  for (let n = 1; n <= counts.events; n++) event.run(at(n), sessionId, JSON.stringify({ id: sessionId, title: `title ${n}` }))
  for (let n = 1; n <= counts.searched; n++) searched.run(sessionOf(n), newId('msg', n), textOf(n) + (n % 5_000 === 0 ? ' needle' : ''), at(n))
  db.prepare('UPDATE sessions SET next_position = ? WHERE id = ?').run(counts.messages + 1, sessionId)
  db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)')
  db.close()
}
