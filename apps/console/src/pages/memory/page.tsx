import { Plus, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from '../../parts/button.tsx'
import { Field, Input, Select } from '../../parts/field.tsx'
import { Empty } from '../../parts/notes.tsx'
import { Page } from '../../parts/page.tsx'
import { sayFault } from '../../parts/toast.tsx'
import { useRead, useWrite } from '../../platform/operations.ts'
import { useAddress } from '../../platform/use-address.ts'
import { text } from '../../text/index.ts'
import { memory as words } from '../../text/memory.ts'
import { EditMemory } from './edit-memory.tsx'
import { kinds } from './memory-form.tsx'
import { MemoryList } from './memory-list.tsx'
import { NewMemory } from './new-memory.tsx'
import { scopeInput, useAgentNames } from './scopes.tsx'
import { TransferButtons } from './transfer-buttons.tsx'

/** What is remembered beyond a session. */
export function MemoryPage() {
  const [address, set] = useAddress()
  const agents = useAgentNames()
  const { q = '', scope = '', tag, open } = address
  const kind = kinds.find((one) => one === address['kind'])
  const isFiltered = q !== '' || scope !== '' || kind !== undefined || tag !== undefined
  const clear = () => set({ q: undefined, scope: undefined, kind: undefined, tag: undefined })
  return (
    <Page
      title={text.frame.memory}
      about={words.about}
      wide
      actions={
        <>
          <TransferButtons filter={{ ...scopeInput(scope), ...(kind ? { kind } : {}), ...(tag === undefined ? {} : { tag }) }} />
          <Button kind="primary" onClick={() => set({ new: '1' })}>
            <Plus aria-hidden size={14} />
            {words.add}
          </Button>
        </>
      }
    >
      <div className="flex flex-wrap items-start gap-2">
        <Search value={q} onChange={(value) => set({ q: value })} />
        <Field label={words.scope} hiddenLabel className="max-sm:min-w-28 max-sm:flex-1">
          {(described) => (
            <Select
              {...described}
              value={scope}
              onChange={(value) => set({ scope: value })}
              options={[
                { value: '', label: words.everywhere },
                { value: 'global', label: words.global },
                ...[...agents].map(([value, name]) => ({ value, label: words.agent(name) })),
                ...(scope.startsWith('ses_') ? [{ value: scope, label: words.ofSession(scope) }] : []),
              ]}
            />
          )}
        </Field>
        <Field label={words.kind} hiddenLabel className="max-sm:min-w-28 max-sm:flex-1">
          {(described) => (
            <Select
              {...described}
              value={kind ?? ''}
              onChange={(value) => set({ kind: value })}
              options={[{ value: '', label: words.anyKind }, ...kinds.map((value) => ({ value, label: words.kinds[value] }))]}
            />
          )}
        </Field>
        {tag !== undefined && (
          <Button onClick={() => set({ tag: undefined })} title={words.anyTag}>
            {words.tagged(tag)}
            <X aria-hidden size={14} />
          </Button>
        )}
      </div>
      <MemoryList
        query={q}
        scope={scopeInput(scope)}
        kind={kind}
        tag={tag}
        agents={agents}
        onOpen={(id) => set({ open: id })}
        onTag={(name) => set({ tag: name })}
        empty={
          isFiltered ? (
            <Empty title={words.noneTitle} action={<Button onClick={clear}>{words.clear}</Button>}>
              {words.none}
            </Empty>
          ) : (
            <Nothing />
          )
        }
      />
      {address['new'] === '1' && <NewMemory onClose={() => set({ new: undefined })} agents={agents} scope={scope} />}
      {open !== undefined && <EditMemory id={open} agents={agents} onClose={() => set({ open: undefined })} />}
    </Page>
  )
}
/** Asks when the writing rests, and says how it searches. */
function Search({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const [written, setWritten] = useState(value)
  const model = useRead('settings.get', { key: 'memory.embeddingModel' })
  useEffect(() => setWritten(value), [value])
  useEffect(() => {
    if (written === value) return
    const timer = setTimeout(() => onChange(written), 200)
    return () => clearTimeout(timer)
  })
  const embedding = model.data?.value
  const how = typeof embedding === 'string' && embedding !== '' ? words.byMeaning(embedding) : words.byWords
  return (
    <Field label={words.search} hiddenLabel className="min-w-56 flex-1 max-sm:basis-full" {...(value === '' ? {} : { hint: how })}>
      {(described) => (
        <Input
          {...described}
          type="search"
          placeholder={words.search}
          maxLength={4_000}
          value={written}
          onChange={(event) => setWritten(event.target.value)}
        />
      )}
    </Field>
  )
}
function Nothing() {
  const save = useWrite('memory.save')
  return (
    <Empty
      title={words.emptyTitle}
      action={
        <Button
          kind="primary"
          busy={save.isPending}
          onClick={() => save.mutate({ text: words.exampleText, kind: 'note', tags: [words.exampleTag] }, { onError: sayFault })}
        >
          {words.example}
        </Button>
      }
    >
      {words.empty}
    </Empty>
  )
}
