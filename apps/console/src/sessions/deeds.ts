import { oneLine } from '../parts/signs.ts'
import { say, sayFault, sayUndo } from '../parts/toast.tsx'
import { call } from '../platform/daemon.ts'
import type { ItemOf } from '../platform/operations.ts'
import { sessions as words } from '../text/sessions.ts'

export type Session = ItemOf<'sessions.list'>
const faults = (deed: Promise<unknown>) => void deed.catch(sayFault)

/** Gives a session another title; can be undone. */
export function renameSession({ id, title: before }: Pick<Session, 'id' | 'title'>, title: string): void {
  const rename = async (to: string) => void (await call('sessions.rename', { id, title: to }))
  faults(rename(title).then(() => sayUndo(words.renamed(oneLine(title)), () => faults(rename(before)))))
}
/** Puts a session away, or brings it back; can be undone. */
export function archiveSession({ id, title, archived }: Pick<Session, 'id' | 'title' | 'archived'>): void {
  const archive = async (to: boolean) => void (await call('sessions.archive', { id, archived: to }))
  const said = archived ? words.broughtBack : words.archivedSay
  faults(archive(!archived).then(() => sayUndo(said(oneLine(title)), () => faults(archive(archived)))))
}
/** Copies a session into a new one and answers its id; undefined when that failed, which is said. */
export async function forkSession({ id, title }: Pick<Session, 'id' | 'title'>): Promise<string | undefined> {
  try {
    const fork = await call('sessions.fork', { id, title: words.forkTitle(title.slice(0, 190)) })
    say(words.forked)
    return fork.id
  } catch (error) {
    sayFault(error)
    return undefined
  }
}
