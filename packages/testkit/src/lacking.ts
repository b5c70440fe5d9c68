import { accessSync, constants } from 'node:fs'
import path from 'node:path'

const isThere = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
/**
 * What a test that needs these programs of the host says in its name when it is skipped; null when it can run. Under STEWARD_TEST_ALL=1 it
 * always runs, so that a missing program is a failure there.
 */
export function lacking(...programs: string[]): string | null {
  if (process.env['STEWARD_TEST_ALL'] === '1') return null
  const missing = programs.filter((program) => !isThere(program))
  return missing.length === 0 ? null : ` (skipped: ${missing.join(', ')} not found on this host)`
}
