import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Host } from './harness.ts'

const body = (n: number) =>
  n % 2 === 1
    ? `Question ${n}: what does part ${n % 97} of the parser do?`
    : `Answer ${n}. It reads **${n % 13} words**, then:\n\n- checks them\n- counts them\n\n\`\`\`ts\nconst part${n} = words.slice(${n % 7})\n\`\`\`\n`

/** Ends the daemon, writes so many messages into a session as the daemon's own store would (domains/messages/store.ts), and starts it again. */
export async function fillSession(host: Host, sessionId: string, count: number): Promise<void> {
  host.kill()
  const db = new DatabaseSync(path.join(host.home, 'chat_history.db'))
  const message = db.prepare(`INSERT INTO messages (id, session_id, position, role, status, text, created_at) VALUES (?, ?, ?, ?, 'final', ?, ?)`)
  db.exec('BEGIN')
  for (let n = 1; n <= count; n++) {
    const id = `msg_${n.toString(32).padStart(26, '0')}`
    message.run(id, sessionId, n, n % 2 === 1 ? 'user' : 'assistant', body(n), new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString())
  }
  db.prepare('UPDATE sessions SET next_position = ? WHERE id = ?').run(count + 1, sessionId)
  db.exec('COMMIT')
  db.close()
  await host.start()
}
