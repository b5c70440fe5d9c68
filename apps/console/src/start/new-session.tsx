import { useNavigate } from '@tanstack/react-router'
import { ArrowUp, ChevronRight } from 'lucide-react'
import { useEffect, useId, useState } from 'react'
import { Area } from '../composer/area.tsx'
import { newDraft } from '../composer/areas.ts'
import { useChoices } from '../composer/choices.ts'
import { drafts, uploads, useDraft, whenConnected } from '../composer/draft.ts'
import { Frame } from '../composer/frame.tsx'
import { Pickers, type Chosen, type PickerName } from '../composer/pickers.tsx'
import { UploadList } from '../composer/upload-list.tsx'
import { useAttach } from '../composer/use-attach.ts'
import { readBudget } from '../parts/amount.ts'
import { Button } from '../parts/button.tsx'
import { Field, Input } from '../parts/field.tsx'
import { sentence } from '../parts/format.ts'
import { call } from '../platform/daemon.ts'
import { useList, useRead } from '../platform/operations.ts'
import { composer } from '../text/composer.ts'
import { start as text } from '../text/start.ts'
import { createStarter, FilesFailed, type Wanted } from './starter.ts'

const starter = createStarter({
  drafts,
  storage: localStorage,
  call,
  connected: whenConnected,
  upload: (sessionId) => uploads.run(newDraft, sessionId),
})

/** A session is named by the first line of its first message. */
const titleOf = (words: string) => [...(words.trim().split('\n')[0] ?? '')].slice(0, 80).join('').trim()

/** What a session works with unless a person chooses: the default agent, and what that agent and the settings say. */
function useUsual(agentId: string | undefined): Chosen | undefined {
  const { agentFacts, facts } = useChoices()
  const mode = useRead('settings.get', { key: 'runs.permissionMode' }).data?.value
  const agent = agentFacts.find(({ id, isDefault }) => (agentId === undefined ? isDefault : id === agentId))
  const model = agent?.model ?? facts.find(({ isDefault }) => isDefault)?.id
  if (agent === undefined || model === undefined || typeof mode !== 'string') return undefined
  return { agentId: agent.id, model, permissionMode: agent.permissionMode ?? (mode as Chosen['permissionMode']) }
}
/** Starts a session: its first message, and where and how the agent works. A start that a cut line or a reload has broken off goes on by itself. */
export function NewSession() {
  const navigate = useNavigate()
  const [noteId, foldersId] = [useId(), useId()]
  const draft = useDraft(newDraft)
  const attaching = useAttach(newDraft, undefined)
  const [own, setOwn] = useState<Partial<Chosen>>({})
  const usual = useUsual(own.agentId)
  const [picker, openPicker] = useState<PickerName | null>(null)
  const [folder, setFolder] = useState('')
  const [budget, setBudget] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [note, setNote] = useState<string | null>(null)
  const root = useRead('settings.get', { key: 'workspaceRoot' }).data?.value
  const recent = useList('sessions.list', { limit: 50 })
  const folders = [...new Set(recent.items.map(({ workspace }) => workspace.path))].slice(0, 10)
  const usd = readBudget(budget)
  const isBadBudget = usd === undefined

  const follow = async (start: Promise<string>) => {
    setBusy(true)
    setNote(null)
    try {
      const sessionId = await start
      await navigate({ to: '/sessions/$sessionId', params: { sessionId } })
    } catch (error) {
      setNote(error instanceof FilesFailed ? text.filesFailed : sentence(error))
    } finally {
      setBusy(false)
    }
  }
  useEffect(() => {
    const left = starter.resume()
    if (left === 'files') setNote(text.filesLost)
    else if (left !== null) void follow(left)
    // Once: a start that an earlier page has left.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [])
  const submit = () => {
    if (isBusy) return
    // Its field may be folded away.
    if (isBadBudget) return setNote(text.badBudget)
    if (draft.text.trim() === '') {
      if (draft.attachments.length > 0) setNote(composer.needsWords)
      return
    }
    const wanted: Wanted = {
      title: titleOf(draft.text),
      ...own,
      ...(folder.trim() === '' ? {} : { workspace: { path: folder.trim() } }),
      ...(typeof usd === 'number' ? { budgetUsd: usd } : {}),
    }
    void follow(starter.start(wanted))
  }
  return (
    <section aria-label={text.section} className="flex flex-col gap-2">
      <Frame
        attaching={attaching}
        pickers={
          usual && <Pickers chosen={{ ...usual, ...own }} onChange={(change) => setOwn({ ...own, ...change })} open={picker} onOpen={openPicker} />
        }
        actions={
          <Button kind="primary" size="sm" busy={isBusy} disabled={draft.text.trim() === ''} onClick={submit}>
            <ArrowUp aria-hidden size={14} />
            {isBusy ? text.starting : text.start}
          </Button>
        }
      >
        <UploadList draftId={newDraft} uploads={draft.attachments} />
        <Area
          draftId={newDraft}
          rows={2}
          value={draft.text}
          isDisabled={isBusy}
          onChange={draft.setText}
          onPaste={attaching.onPaste}
          onSubmit={submit}
          onEscape={() => (document.activeElement as HTMLElement | null)?.blur()}
          describedBy={note === null ? undefined : noteId}
        />
        {note !== null && (
          <p id={noteId} role="alert" className="px-3 pb-1 break-words text-bad">
            {note}
          </p>
        )}
      </Frame>
      <details className="group">
        <summary className="flex min-h-6 w-fit items-center gap-1 rounded-sm text-muted hover:text-ink">
          <ChevronRight aria-hidden size={14} className="group-open:rotate-90" />
          {text.where}
          {(folder.trim() !== '' || budget.trim() !== '') && (
            <bdi className="font-mono text-ink">{[folder.trim(), budget.trim() && `$${budget.trim()}`].filter((part) => part !== '').join(', ')}</bdi>
          )}
        </summary>
        <div className="mt-2 grid gap-3 sm:grid-cols-[1fr_14rem]">
          <Field label={text.workspace} hint={text.workspaceHint(typeof root === 'string' && root !== '' ? root : text.usualFolder)}>
            {(field) => (
              <Input
                {...field}
                value={folder}
                list={foldersId}
                disabled={isBusy}
                className="font-mono"
                onChange={(event) => setFolder(event.target.value)}
              />
            )}
          </Field>
          <Field label={text.budget} hint={text.budgetHint} error={isBadBudget ? text.badBudget : undefined}>
            {(field) => <Input {...field} value={budget} inputMode="decimal" disabled={isBusy} onChange={(event) => setBudget(event.target.value)} />}
          </Field>
          <datalist id={foldersId}>
            {folders.map((path) => (
              <option key={path} value={path} />
            ))}
          </datalist>
        </div>
      </details>
    </section>
  )
}
