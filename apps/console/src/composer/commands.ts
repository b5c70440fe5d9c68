import type { Session } from '@steward/contract/daemon'
import { readBudget } from '../parts/amount.ts'
import { money } from '../parts/format.ts'
import { say, sayFault, sayUndo } from '../parts/toast.tsx'
import { call } from '../platform/daemon.ts'
import { commandSays, commandWords } from '../text/composer.ts'
import type { PickerName } from './pickers.tsx'
import type { CommandName } from './use-suggestions.ts'

export interface CommandContext {
  readonly session: Session
  /** Goes to a page of the console. */
  go(to: '/sessions' | { readonly sessionId: string }): void
  setText(text: string): void
  openPicker(name: PickerName): void
  stop(): boolean
  /** Asks whether to go back to before the last message. */
  rewind(): void
  setBudget(usd: number | null, words: string): void
}
/** What each command does with the words after it. The text area is empty when it is called. */
const deeds: Readonly<Record<CommandName, (context: CommandContext, rest: string) => void>> = {
  new: ({ go }) => go('/sessions'),
  fork: ({ session, go }) => void call('sessions.fork', { id: session.id }).then(({ id }) => go({ sessionId: id }), sayFault),
  rename({ session, setText }, title) {
    if (title === '') return setText('/rename ')
    const rename = (to: string) => call('sessions.rename', { id: session.id, title: to })
    rename(title).then(
      () => sayUndo(commandSays.renamed(title), () => void rename(session.title).catch(sayFault)),
      (error: unknown) => {
        setText(`/rename ${title}`)
        sayFault(error)
      },
    )
  },
  archive({ session }) {
    const put = (archived: boolean) => call('sessions.archive', { id: session.id, archived })
    put(true).then(() => sayUndo(commandSays.archived, () => void put(false).catch(sayFault)), sayFault)
  },
  model: ({ openPicker }) => openPicker('model'),
  agent: ({ openPicker }) => openPicker('agent'),
  mode: ({ openPicker }) => openPicker('mode'),
  stop({ stop }) {
    if (!stop()) say(commandSays.nothingRuns)
  },
  rewind: ({ rewind }) => rewind(),
  export({ session }) {
    const link = document.createElement('a')
    link.href = `/v1/sessions/${encodeURIComponent(session.id)}/export?format=markdown`
    link.download = ''
    link.click()
  },
  budget({ setBudget, setText }, rest) {
    if (rest === '') return setText('/budget ')
    const usd = rest === 'none' ? null : readBudget(rest)
    if (usd === undefined) {
      setText(`/budget ${rest}`)
      return say(commandSays.badBudget)
    }
    setBudget(usd, usd === null ? commandSays.noBudget : commandSays.budget(money(usd)))
  },
  skills: ({ setText }) => setText('/skill:'),
}
const isCommand = (name: string): name is CommandName => Object.hasOwn(commandWords, name)
/** A text that begins with a slash and a word: which command it is (null: none that there is), and the words after it. A path is none. */
export function readCommand(text: string): { readonly name: string; readonly command: CommandName | null; readonly rest: string } | null {
  const found = /^\/([a-z][\w-]*)(?:\s+([^]*))?$/i.exec(text.trim())
  if (!found) return null
  const word = (found[1] ?? '').toLowerCase()
  return { name: `/${word}`, command: isCommand(word) ? word : null, rest: (found[2] ?? '').trim() }
}
/** Carries out a command. */
export function runCommand(name: CommandName, rest: string, context: CommandContext): void {
  context.setText('')
  deeds[name](context, rest)
}
