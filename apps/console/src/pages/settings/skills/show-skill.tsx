import { useState } from 'react'
import { Button } from '../../../parts/button.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { Field, Input, TextArea } from '../../../parts/field.tsx'
import { bytes } from '../../../parts/format.ts'
import { Mark } from '../../../parts/mark.tsx'
import { Failed, Loading } from '../../../parts/notes.tsx'
import { Section } from '../../../parts/page.tsx'
import { Plain } from '../../../parts/plain.tsx'
import { say, sayFault, sayUndo } from '../../../parts/toast.tsx'
import { useDraft } from '../../../parts/use-draft.ts'
import { call, type AnswerOf } from '../../../platform/daemon.ts'
import { useRead, useWrite } from '../../../platform/operations.ts'
import { skills } from '../../../text/settings-agents.ts'
import { text } from '../../../text/index.ts'
import { SkillFile } from './skill-file.tsx'

/** One skill: what it says, its files, its faults; it can be changed, and put into the trash. */
export function ShowSkill({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const read = useRead('skills.get', { name })
  const remove = useWrite('skills.delete', ['skills.trash', 'skills.tags'])
  const trash = () =>
    remove.mutate(
      { name },
      {
        onSuccess({ id }) {
          sayUndo(skills.deleted(name), () => void call('skills.restore', { id }).catch(sayFault))
          onClose()
        },
        onError: sayFault,
      },
    )
  return (
    <Dialog
      open
      shape="side"
      onClose={onClose}
      title={name}
      actions={
        <Button kind="danger" busy={remove.isPending} onClick={trash}>
          {text.common.delete}
        </Button>
      }
    >
      {read.isPending && <Loading rows={6} />}
      {read.error && <Failed error={read.error} retry={() => void read.refetch()} />}
      {read.data && <Detail skill={read.data} />}
    </Dialog>
  )
}
function Detail({ skill: { name, description, body, tags, etag, status, faults, files } }: { readonly skill: AnswerOf<'skills.get'> }) {
  const [words, setWords] = useDraft(body)
  const [about, setAbout] = useDraft(description)
  const [labels, setLabels] = useDraft(tags.join(', '))
  const [file, setFile] = useState<string>()
  const update = useWrite('skills.update', ['skills.get', 'skills.tags'])
  const isChanged = words !== body || about !== description || labels !== tags.join(', ')
  const save = () => {
    if (etag === null) return
    const list = labels
      .split(',')
      .map((tag) => tag.trim())
      .filter(Boolean)
    update.mutate({ name, etag, body: words, description: about, tags: list }, { onSuccess: () => say(skills.saved(name)) })
  }
  return (
    <div className="flex flex-col gap-4">
      <Mark tone={status === 'valid' ? 'good' : 'bad'}>{skills[status]}</Mark>
      {faults.length > 0 && (
        <Section title={skills.faults}>
          {faults.map(({ path, line, message }) => (
            <p key={`${path}:${line}:${message}`} className="break-words">
              <span className="font-mono text-bad">
                <Plain text={skills.faultPlace(path, line)} />
              </span>{' '}
              <Plain text={message} />
            </p>
          ))}
        </Section>
      )}
      {update.error && <Failed error={update.error} />}
      <Field label={skills.description}>
        {(described) => <TextArea {...described} value={about} onChange={(event) => setAbout(event.target.value)} />}
      </Field>
      <Field label={skills.tags} hint={skills.tagsHint}>
        {(described) => <Input {...described} value={labels} onChange={(event) => setLabels(event.target.value)} />}
      </Field>
      <Field label={skills.body} hint={skills.wholeHint}>
        {(described) => (
          <TextArea
            {...described}
            className="min-h-64 font-mono"
            spellCheck={false}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
        )}
      </Field>
      <Button kind="primary" className="self-start" busy={update.isPending} disabled={!isChanged || etag === null} onClick={save}>
        {text.common.save}
      </Button>
      <Section title={skills.files}>
        <ul className="divide-y border-y">
          {files.map(({ path, size }) => (
            <li key={path} className="py-1">
              <button
                type="button"
                className="flex min-h-6 w-full gap-3 text-left font-mono hover:underline"
                aria-expanded={file === path}
                onClick={() => setFile(file === path ? undefined : path)}
              >
                <span className="min-w-0 flex-1 break-all">
                  <Plain text={path} />
                </span>
                <span className="text-muted">{bytes(size)}</span>
              </button>
              {file === path && <SkillFile name={name} path={path} />}
            </li>
          ))}
        </ul>
      </Section>
    </div>
  )
}
