import path from 'node:path'
import { Fault } from '@steward/contract'
import { createBackup, sweepParts } from '../../platform/backup/create.ts'
import { findBackup, listBackups, removeBackup } from '../../platform/backup/list.ts'
import { verifyBackup } from '../../platform/backup/verify.ts'
import type { RoomHandlers } from '../../platform/context.ts'
import { decodePlace, encodePage } from '../../platform/page.ts'

export interface BackupPorts {
  readonly home: string
  readonly version: string
  /** Keeps the bytes of files from being removed until it is called off. */
  holdBytes(): () => void
}
const isWithin = (folder: string, inner: string) => {
  const way = path.relative(folder, inner)
  return way === '' || (!way.startsWith(`..${path.sep}`) && way !== '..' && !path.isAbsolute(way))
}
const nameNow = () => `backup-${new Date().toISOString().replaceAll(/[-:.]/g, '').replace('T', '-')}`
/** Copies of all data. Putting one back is no operation: it needs the daemon to be stopped. */
export function createBackupsRoom({ home, version, holdBytes }: BackupPorts) {
  const folder = path.join(home, 'backups')
  const target = (wanted: string | undefined): string => {
    if (wanted === undefined) return path.join(folder, nameNow())
    if (!path.isAbsolute(wanted))
      throw new Fault('unprocessable', `${wanted} is not an absolute path; the daemon does not know the folder you are in.`)
    const to = path.resolve(wanted)
    if (isWithin(home, to) && !(isWithin(folder, to) && path.dirname(to) === folder && /^[\w-]{1,100}$/.test(path.basename(to))))
      throw new Fault('unprocessable', `${to} lies inside Steward's own data; name a folder outside, or leave the path away.`)
    return to
  }
  const handlers = {
    async 'backups.create'({ commit }, { path: wanted }) {
      const to = target(wanted)
      await sweepParts(folder)
      const made = { name: path.basename(to), ...(await createBackup({ home, to, version, holdBytes })) }
      return commit((emit) => {
        emit('backup.created', { name: made.name, path: made.path, bytes: made.bytes })
        return made
      })
    },
    async 'backups.list'(_context, { limit, cursor }) {
      const found = await listBackups(folder, limit + 1, cursor === undefined ? undefined : String(decodePlace(cursor)['name']))
      const items = found.slice(0, limit)
      const last = items.at(-1)
      return { items, nextCursor: found.length > limit && last ? encodePage({ name: last.name }) : null }
    },
    async 'backups.verify'(_context, { path: wanted }) {
      const place = /^[\w-]{1,100}$/.test(wanted) ? path.join(folder, wanted) : wanted
      if (!path.isAbsolute(place)) throw new Fault('unprocessable', `${wanted} is neither the name of a backup nor an absolute path.`)
      return verifyBackup(place)
    },
    async 'backups.delete'({ commit }, { name }) {
      const place = path.join(folder, name)
      if (!findBackup(place)) throw new Fault('not_found', `There is no backup ${name} in ${folder}.`)
      commit((emit) => {
        emit('backup.deleted', { name })
        return null
      })
      await removeBackup(place)
      return null
    },
  } satisfies RoomHandlers
  return { handlers }
}
