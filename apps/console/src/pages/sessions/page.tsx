import { Button } from '../../parts/button.tsx'
import { Check, Field, Input, Select } from '../../parts/field.tsx'
import { Empty, Failed, Loading } from '../../parts/notes.tsx'
import { Page } from '../../parts/page.tsx'
import { useList } from '../../platform/operations.ts'
import { useSettled } from '../../platform/use-settled.ts'
import { useNewSession } from '../../sessions/new-session.ts'
import { NewSession } from '../../start/new-session.tsx'
import { states } from '../../text/common.ts'
import { sessions as words } from '../../text/sessions.ts'
import { FoundList } from './found-list.tsx'
import { SessionTable } from './session-table.tsx'
import { liveStates, useFilters, type LiveState } from './use-filters.ts'

const options = [{ value: '' as const, label: words.anyState }, ...liveStates.map((value) => ({ value, label: states[value] }))]

function Nothing({ state, archived, onAll }: { readonly state: LiveState | undefined; readonly archived: boolean; readonly onAll: () => void }) {
  const begin = useNewSession()
  if (state !== undefined) return <Empty title={words.emptyState} action={<Button onClick={onAll}>{words.showAll}</Button>} />
  if (archived) return <Empty title={words.emptyArchive}>{words.emptyArchiveAbout}</Empty>
  return (
    <Empty
      title={words.empty}
      action={
        <Button kind="primary" onClick={() => void begin({ title: words.tryTitle, text: words.tryText })}>
          {words.tryIt}
        </Button>
      }
    >
      {words.emptyAbout}
      <span className="mt-2 block italic">“{words.tryText}”</span>
    </Empty>
  )
}
function Sessions({ state, archived, onAll }: { readonly state: LiveState | undefined; readonly archived: boolean; readonly onAll: () => void }) {
  const pages = useList('sessions.list', { limit: 100, archived, ...(state === undefined ? {} : { status: state }) })
  if (pages.error !== null) return <Failed error={pages.error} retry={pages.again} />
  if (pages.isPending) return <Loading rows={8} />
  return <SessionTable pages={pages} empty={<Nothing state={state} archived={archived} onAll={onAll} />} />
}
/** All sessions: what they do now, a search through their messages, and what can be done with them. */
export function SessionsPage() {
  const { query, state, isArchived, setQuery, setState, setArchived } = useFilters()
  const asked = useSettled(query.trim(), 150)
  const isSearch = query.trim() !== '' && asked !== ''
  return (
    <Page wide title={words.title}>
      <NewSession />
      <div className="mt-2 flex flex-wrap items-center gap-3">
        <Field label={words.search} hiddenLabel className="flex-1 basis-56">
          {(described) => (
            <Input
              {...described}
              type="search"
              maxLength={400}
              placeholder={words.search}
              value={query}
              onChange={(event) => setQuery(event.target.value)}
            />
          )}
        </Field>
        {!isSearch && (
          <>
            <Field label={words.state} hiddenLabel>
              {(described) => <Select {...described} value={state ?? ''} options={options} onChange={setState} />}
            </Field>
            <Check label={words.archived} checked={isArchived} onChange={setArchived} />
          </>
        )}
      </div>
      {isSearch ? <FoundList query={asked} /> : <Sessions state={state} archived={isArchived} onAll={() => setState('')} />}
    </Page>
  )
}
