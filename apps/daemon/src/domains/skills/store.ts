import type { Database } from '../../platform/storage/database.ts'

/** A file or folder that is to be moved, by absolute paths: decided with its event, done after it. */
export interface SkillMove {
  readonly id: string
  readonly source: string
  readonly target: string
  /** The SHA-256, hex, of the file that is replaced; null where a folder is moved to where nothing is. */
  readonly replaces: string | null
}
/** Rows in, records out: moves that may not be done yet, and what was told of each skill. */
export function createSkillStore(db: Database) {
  const insertMove = db.prepare('INSERT INTO skill_moves (id, source, target, replaces) VALUES (?, ?, ?, ?)')
  const removeMove = db.prepare('DELETE FROM skill_moves WHERE id = ?')
  const allMoves = db.prepare('SELECT id, source, target, replaces FROM skill_moves ORDER BY id')
  const oneMove = db.prepare('SELECT 1 FROM skill_moves WHERE id = ?')
  const put = db.prepare('INSERT OR REPLACE INTO skills_told (name, print) VALUES (?, ?)')
  const drop = db.prepare('DELETE FROM skills_told WHERE name = ?')
  const one = db.prepare('SELECT print FROM skills_told WHERE name = ?')
  const names = db.prepare('SELECT name FROM skills_told ORDER BY name')
  return {
    plan: ({ id, source, target, replaces }: SkillMove) => void insertMove.run(id, source, target, replaces),
    isPlanned: (id: string) => oneMove.get(id) !== undefined,
    done: (id: string) => void removeMove.run(id),
    moves: () => allMoves.all().map((row) => ({ ...row }) as unknown as SkillMove),
    tell: (name: string, print: string) => void put.run(name, print),
    forget: (name: string) => void drop.run(name),
    told: (name: string) => one.get(name)?.['print'] as string | undefined,
    toldNames: () => names.all().map((row) => String(row['name'])),
  }
}
export type SkillStore = ReturnType<typeof createSkillStore>
