import type { FileChange, ToolCall } from '@steward/contract/daemon'
import { useState } from 'react'
import { Code } from '../../../parts/code.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { Diff } from '../../../parts/diff.tsx'
import { Failed, Loading } from '../../../parts/notes.tsx'
import { Plain } from '../../../parts/plain.tsx'
import { useRead } from '../../../platform/operations.ts'
import { inspector as text } from '../../../text/inspector.ts'
import { Group } from './group.tsx'

const words = (value: unknown): string => (typeof value === 'string' ? value : '')
interface Edit {
  readonly oldText?: unknown
  readonly newText?: unknown
}
function Deed({
  toolId,
  input,
  path,
  isNew,
}: {
  readonly toolId: string
  readonly input: ToolCall['input']
  readonly path: string
  readonly isNew: boolean
}) {
  const given = (input ?? {}) as Edit & { readonly edits?: readonly Edit[]; readonly content?: unknown; readonly patch?: unknown }
  if (toolId === 'files.patch') return <Diff text={words(given.patch)} />
  if (toolId === 'files.write')
    return isNew ? <Diff before="" after={words(given.content)} name={path} /> : <Code text={words(given.content)} label={path} />
  const edits = toolId === 'files.edit' ? [given] : (given.edits ?? [])
  return edits.map((edit, index) => <Diff key={index} before={words(edit.oldText)} after={words(edit.newText)} name={path} />)
}
/** One change as it was made, read from the message whose call made it. */
function Change({ change }: { readonly change: FileChange }) {
  const message = useRead('messages.get', { id: change.messageId })
  if (message.isPending) return <Loading rows={4} />
  if (message.error) return <Failed error={message.error} retry={() => void message.refetch()} />
  const call = message.data.toolCalls.find(({ id }) => id === change.callId)
  return call ? (
    <Deed toolId={change.toolId} input={call.input} path={change.path} isNew={change.action === 'add'} />
  ) : (
    <p className="text-muted">{text.changeGone}</p>
  )
}
/** All changes of one file, the newest call first. */
interface ChangedFile {
  readonly path: string
  readonly changes: readonly FileChange[]
  /** Lines; null where one of the changes does not tell. */
  readonly added: number | null
  readonly removed: number | null
}
const sum = (numbers: readonly (number | null)[]) => numbers.reduce<number | null>((all, one) => (all === null || one === null ? null : all + one), 0)
/** Changes by file, the file that was changed last first. */
const byFile = (changes: readonly FileChange[]): ChangedFile[] =>
  [...Map.groupBy(changes, ({ path }) => path)].map(([path, ofFile]) => ({
    path,
    changes: ofFile,
    added: sum(ofFile.map(({ added }) => added)),
    removed: sum(ofFile.map(({ removed }) => removed)),
  }))

/** The files that tools have changed; each opens what was changed. */
export function ChangedFiles({ changes }: { readonly changes: readonly FileChange[] }) {
  const [shown, show] = useState<string | null>(null)
  const files = byFile(changes)
  if (files.length === 0) return null
  const open = files.find(({ path }) => path === shown)
  return (
    <Group title={text.changes}>
      <ul>
        {files.map(({ path, added, removed, changes: [last] }) => (
          <li key={path}>
            <button
              type="button"
              title={text.showChanges(path)}
              onClick={() => show(path)}
              className="flex min-h-7 w-full items-center gap-2 rounded-sm px-1 text-left hover:bg-accent-soft"
            >
              <bdi className="min-w-0 flex-1 truncate font-mono text-xs">{path}</bdi>
              <span className="text-xs text-muted">{text.actions[last?.action ?? 'update']}</span>
              {added !== null && removed !== null ? (
                <span className="shrink-0 font-mono text-xs">
                  <span className="text-good">+{added}</span> <span className="text-bad">−{removed}</span>
                </span>
              ) : (
                <span className="text-xs text-muted">{text.unknownLines}</span>
              )}
            </button>
          </li>
        ))}
      </ul>
      <Dialog open={open !== undefined} onClose={() => show(null)} title={text.changes} shape="wide">
        {open && (
          <div className="flex flex-col gap-4">
            <p className="font-mono">
              <Plain text={open.path} />
            </p>
            {open.changes.map((change) => (
              <Change key={`${change.callId} ${change.path}`} change={change} />
            ))}
          </div>
        )}
      </Dialog>
    </Group>
  )
}
