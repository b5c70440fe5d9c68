import { useState } from 'react'
import { Field, Input, Select, TextArea } from '../../parts/field.tsx'
import type { AnswerOf } from '../../platform/daemon.ts'
import { memory as words } from '../../text/memory.ts'

type Memory = AnswerOf<'memory.get'>
export type Kind = Memory['kind']
export const kinds = ['note', 'fact', 'document'] as const
/** What a person writes of a memory. */
export interface MemoryDraft {
  readonly text: string
  readonly kind: Kind
  readonly tags: string
  /** A day and time of this device's clock, or ''. */
  readonly expires: string
}
export const emptyDraft: MemoryDraft = { text: '', kind: 'note', tags: '', expires: '' }
/** ISO 8601 as `datetime-local` wants it. */
const localTime = (at: string): string => {
  const time = new Date(at)
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
export const draftOf = ({ text, kind, tags, expiresAt }: Pick<Memory, 'text' | 'kind' | 'tags' | 'expiresAt'>): MemoryDraft => ({
  text,
  kind,
  tags: tags.join(', '),
  expires: expiresAt === null ? '' : localTime(expiresAt),
})
/** As an operation takes it. */
export const fieldsOf = ({ text, kind, tags, expires }: MemoryDraft) => ({
  text,
  kind,
  tags: [...new Set(tags.split(',').map((tag) => tag.trim().toLowerCase()))].filter((tag) => tag !== ''),
  expiresAt: expires === '' ? null : new Date(expires).toISOString(),
})
/** A draft and how it is changed. */
export function useDraft(initial: MemoryDraft) {
  const [draft, setDraft] = useState(initial)
  return [draft, (change: Partial<MemoryDraft>) => setDraft({ ...draft, ...change })] as const
}
export interface MemoryFieldsProps {
  readonly draft: MemoryDraft
  readonly change: (change: Partial<MemoryDraft>) => void
}
/** The fields of a memory. */
export function MemoryFields({ draft, change }: MemoryFieldsProps) {
  return (
    <>
      <Field label={words.text}>
        {(described) => (
          <TextArea
            {...described}
            required
            maxLength={200_000}
            rows={Math.min(16, Math.max(4, draft.text.split('\n').length + 1))}
            value={draft.text}
            onChange={(event) => change({ text: event.target.value })}
          />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={words.kind}>
          {(described) => (
            <Select
              {...described}
              value={draft.kind}
              onChange={(kind) => change({ kind })}
              options={kinds.map((value) => ({ value, label: words.kinds[value] }))}
            />
          )}
        </Field>
        <Field label={words.expires} hint={words.expiresHint}>
          {(described) => (
            <Input {...described} type="datetime-local" value={draft.expires} onChange={(event) => change({ expires: event.target.value })} />
          )}
        </Field>
      </div>
      <Field label={words.tags} hint={words.tagsHint}>
        {(described) => <Input {...described} value={draft.tags} onChange={(event) => change({ tags: event.target.value })} />}
      </Field>
    </>
  )
}
