import { Button } from '../../parts/button.tsx'
import { Diff } from '../../parts/diff.tsx'
import { Time } from '../../parts/facts.tsx'
import { Field, Select } from '../../parts/field.tsx'
import { Failed, Loading } from '../../parts/notes.tsx'
import { Section } from '../../parts/page.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { say, sayFault } from '../../parts/toast.tsx'
import { useList, useRead, useWrite } from '../../platform/operations.ts'
import { workflows as words } from '../../text/workflows.ts'
import { draftOf, sentOf, type Workflow } from './draft.ts'

export interface VersionsTabProps {
  readonly workflow: Workflow
  readonly from: string | undefined
  readonly to: string | undefined
  readonly onCompare: (from: string, to: string) => void
}
const numberOf = (text: string | undefined, other: number) => (text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : other)

const columnsOf = (version: number, isSaving: boolean, restore: (earlier: Workflow) => void): readonly Column<Workflow>[] => [
  {
    id: 'version',
    header: words.versions.columns.version,
    width: '110px',
    cell: (one) => (one.version === version ? `${one.version}, ${words.versions.newest}` : one.version),
  },
  { id: 'steps', header: words.versions.columns.steps, width: '72px', align: 'end', cell: ({ steps }) => steps.length },
  { id: 'by', header: words.versions.columns.by, cell: ({ createdBy }) => createdBy },
  { id: 'at', header: words.versions.columns.at, width: '120px', align: 'end', cell: ({ updatedAt }) => <Time at={updatedAt} /> },
  {
    id: 'restore',
    header: '',
    width: '170px',
    align: 'end',
    cell: (one) =>
      one.version !== version && (
        <Button size="sm" title={words.versions.restoreAbout} busy={isSaving} onClick={() => restore(one)}>
          {words.versions.restore(one.version)}
        </Button>
      ),
  },
]
/** All versions of a workflow: two of them compared, an earlier one made the next. */
export function VersionsTab({ workflow: { id, version }, from, to, onCompare }: VersionsTabProps) {
  const { items, isPending, error, hasMore, isMore, more } = useList('workflows.versions', { id, limit: 50 })
  const save = useWrite('workflows.save', ['workflows.get', 'workflows.versions', 'workflows.list', 'workflows.diff'])
  const newer = numberOf(to, version)
  const older = numberOf(from, Math.max(1, newer - 1))
  const restore = (earlier: Workflow) =>
    save.mutate(
      { id, ...sentOf(draftOf(earlier)) },
      { onSuccess: (saved) => say(words.versions.restored(earlier.version, saved.version)), onError: sayFault },
    )
  if (error) return <Failed error={error} />
  if (isPending) return <Loading rows={4} />
  const options = Array.from({ length: Math.min(version, 500) }, (_, index) => ({ value: String(version - index), label: String(version - index) }))
  return (
    <div className="flex min-w-0 flex-col gap-6">
      {version === 1 ? (
        <p className="text-muted">{words.versions.only}</p>
      ) : (
        <Section title={words.versions.compare}>
          <div className="flex flex-wrap gap-3">
            <Field label={words.versions.from} className="w-28">
              {(described) => (
                <Select {...described} value={String(older)} options={options} onChange={(chosen) => onCompare(chosen, String(newer))} />
              )}
            </Field>
            <Field label={words.versions.to} className="w-28">
              {(described) => (
                <Select {...described} value={String(newer)} options={options} onChange={(chosen) => onCompare(String(older), chosen)} />
              )}
            </Field>
          </div>
          <Comparison id={id} from={older} to={newer} />
        </Section>
      )}
      <Section title={words.versions.list}>
        <Table
          label={words.versions.list}
          rows={items}
          rowKey={(one) => String(one.version)}
          hasMore={hasMore}
          isMore={isMore}
          more={more}
          columns={columnsOf(version, save.isPending, restore)}
        />
      </Section>
    </div>
  )
}
function Comparison({ id, from, to }: { readonly id: string; readonly from: number; readonly to: number }) {
  const { data, error, refetch } = useRead('workflows.diff', { id, from, to })
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (data === undefined) return <Loading />
  return data.diff === '' ? <p className="text-muted">{words.versions.same}</p> : <Diff text={data.diff} />
}
