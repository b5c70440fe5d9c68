import { Link } from '@tanstack/react-router'
import { Download, ShieldCheck } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field, Input, Select } from '../../parts/field.tsx'
import { Json } from '../../parts/json.tsx'
import { Empty, Failed, Loading } from '../../parts/notes.tsx'
import { Page } from '../../parts/page.tsx'
import { Plain } from '../../parts/plain.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { call, type AnswerOf } from '../../platform/daemon.ts'
import { useList, type ItemOf } from '../../platform/operations.ts'
import { useAddress } from '../../platform/use-address.ts'
import { audit as words } from '../../text/audit.ts'

type Entry = ItemOf<'audit.list'>
const names = Object.entries(words.names)
const nameOf = (name: string): string => (words.names as Readonly<Record<string, string>>)[name] ?? name
/** What an entry is about, where it says so: the operation of a call, the tool of a tool call. */
function aboutOf({ data }: Entry): string {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return ''
  const { operation, toolId, status, subject } = data
  return [operation ?? toolId, subject, operation === undefined ? status : undefined].filter((word) => typeof word === 'string').join(' · ')
}
const columns: readonly Column<Entry>[] = [
  { id: 'name', header: words.name, cell: ({ name }) => <Plain text={nameOf(name)} className="whitespace-pre!" />, width: 180 },
  { id: 'about', header: words.operation, cell: (entry) => <Plain text={aboutOf(entry)} className="whitespace-pre! text-muted" />, width: '1fr' },
  {
    id: 'caller',
    header: words.caller,
    cell: ({ caller }) => (caller === null ? null : <Plain text={caller} className="whitespace-pre!" />),
    width: 130,
  },
  { id: 'log', header: words.log, cell: ({ log }) => log, width: 80, hideBelow: 'lg' },
  { id: 'at', header: words.at, cell: ({ at }) => <time dateTime={at}>{new Date(at).toLocaleString('en-GB')}</time>, width: 160, align: 'end' },
  { id: 'seq', header: words.seq, cell: ({ seq }) => seq, width: 70, align: 'end' },
]
/** Who did what, and whether that record is whole. */
export function AuditPage() {
  const [address, set] = useAddress()
  const { name, caller, session, entry } = address
  const filter = { ...(name ? { name } : {}), ...(caller ? { caller } : {}), ...(session ? { sessionId: session } : {}) }
  const entries = useList('audit.list', { ...filter, limit: 100 })
  const isFiltered = Object.keys(filter).length > 0
  const verification = useVerification()
  const open = entries.items.find(({ seq }) => String(seq) === entry)
  return (
    <Page
      title={words.title}
      about={words.about}
      wide
      actions={
        <>
          <Button
            onClick={() => {
              const link = document.createElement('a')
              link.href = `/v1/audit/export?${new URLSearchParams(filter).toString()}`
              link.download = 'audit.jsonl'
              link.click()
            }}
          >
            <Download aria-hidden size={14} />
            {words.export}
          </Button>
          <Button kind="primary" busy={verification.isBusy} onClick={verification.check}>
            {words.verify}
          </Button>
        </>
      }
    >
      <Verdict of={verification} />
      <div className="flex flex-wrap gap-2">
        <Field label={words.name} hiddenLabel className="max-sm:min-w-28 max-sm:flex-1">
          {(described) => (
            <Select
              {...described}
              value={name ?? ''}
              onChange={(value) => set({ name: value })}
              options={[
                { value: '', label: words.anyName },
                ...names.map(([value, label]) => ({ value, label })),
                ...(name && !(name in words.names) ? [{ value: name, label: name }] : []),
              ]}
            />
          )}
        </Field>
        <Filter label={words.callerHint} value={caller ?? ''} onChange={(value) => set({ caller: value })} />
        <Filter label={words.sessionHint} value={session ?? ''} onChange={(value) => set({ session: value })} />
      </div>
      {entries.error && entries.items.length === 0 ? (
        <Failed error={entries.error} retry={() => (isFiltered ? set({ name: undefined, caller: undefined, session: undefined }) : entries.more())} />
      ) : entries.isPending ? (
        <Loading rows={12} />
      ) : (
        <Table
          label={words.table}
          columns={columns}
          rows={entries.items}
          rowKey={({ seq }) => String(seq)}
          onOpen={({ seq }) => set({ entry: String(seq) })}
          hasMore={entries.hasMore}
          isMore={entries.isMore}
          more={entries.more}
          empty={
            isFiltered ? (
              <Empty
                title={words.noneTitle}
                action={<Button onClick={() => set({ name: undefined, caller: undefined, session: undefined })}>{words.clear}</Button>}
              >
                {words.none}
              </Empty>
            ) : (
              <Empty title={words.emptyTitle}>{words.empty}</Empty>
            )
          }
        />
      )}
      <Dialog open={open !== undefined} onClose={() => set({ entry: undefined })} title={words.entry(open?.seq ?? 0)} shape="side">
        {open && <EntryDetail entry={open} />}
      </Dialog>
    </Page>
  )
}
/** Asks when the writing rests. */
function Filter({ label, value, onChange }: { readonly label: string; readonly value: string; readonly onChange: (value: string) => void }) {
  const [written, setWritten] = useState(value)
  useEffect(() => setWritten(value), [value])
  useEffect(() => {
    if (written.trim() === value) return
    const timer = setTimeout(() => onChange(written.trim()), 300)
    return () => clearTimeout(timer)
  })
  return (
    <Field label={label} hiddenLabel className="max-sm:min-w-28 max-sm:flex-1">
      {(described) => (
        <Input {...described} placeholder={label} maxLength={100} value={written} onChange={(event) => setWritten(event.target.value)} />
      )}
    </Field>
  )
}
interface Verification {
  readonly isBusy: boolean
  readonly answer?: AnswerOf<'audit.verify'>
  readonly error?: unknown
}
/** Checks the whole chain when it is told to. */
function useVerification() {
  const [state, setState] = useState<Verification>({ isBusy: false })
  const check = () => {
    setState({ isBusy: true })
    call('audit.verify', {}).then(
      (answer) => setState({ isBusy: false, answer }),
      (error: unknown) => setState({ isBusy: false, error }),
    )
  }
  return { ...state, check }
}
/** Says that the chain is intact, or where it breaks. */
function Verdict({ of: { isBusy, answer, error, check } }: { readonly of: ReturnType<typeof useVerification> }) {
  return (
    <div aria-live="polite" className="empty:hidden">
      {isBusy && <p className="text-muted">{words.verifying}</p>}
      {error !== undefined && <Failed error={error} retry={check} />}
      {answer?.intact && (
        <p className="flex flex-wrap items-center gap-x-2 rounded-sm bg-good-soft px-3 py-2">
          <ShieldCheck aria-hidden size={14} className="text-good" />
          <span className="font-bold text-good">{words.intact(answer.entries)}</span>
          <span>{words.reads(answer.reads)}</span>
        </p>
      )}
      {answer?.firstFault && (
        <p role="alert" className="rounded-sm border border-bad bg-bad-soft px-3 py-2">
          <span className="font-bold">{words.broken(answer.firstFault.seq)}</span> {answer.firstFault.what} {words.brokenAbout}
        </p>
      )}
    </div>
  )
}
function EntryDetail({ entry }: { readonly entry: Entry }) {
  const { at, name, caller, sessionId, runId, log, logSeq, digest, data } = entry
  const facts = [
    [words.name, <Plain key="n" text={`${nameOf(name)} (${name})`} />],
    [words.at, at],
    ...(caller === null ? [] : [[words.caller, <Plain key="c" text={caller} />] as const]),
    ...(sessionId === null
      ? []
      : [
          [
            words.session,
            <Link key="s" to="/sessions/$sessionId" params={{ sessionId }} className="text-accent underline">
              {sessionId}
            </Link>,
          ] as const,
        ]),
    ...(runId === null ? [] : [[words.run, runId] as const]),
    [words.log, `${log} ${logSeq}`],
    [
      words.digest,
      <code key="d" className="font-mono text-xs">
        {digest}
      </code>,
    ],
  ] as const
  return (
    <div className="flex flex-col gap-4">
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-muted">{label}</dt>
            <dd className="min-w-0 wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
      <h3 className="font-bold">{words.payload}</h3>
      {data === null ? <p className="text-muted">{words.pruned}</p> : <Json value={data} />}
    </div>
  )
}
