import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../../../parts/button.tsx'
import { Field, Input } from '../../../parts/field.tsx'
import { Mark, type Tone } from '../../../parts/mark.tsx'
import { More } from '../../../parts/more.tsx'
import { Empty, Failed, Loading } from '../../../parts/notes.tsx'
import { Page, Section } from '../../../parts/page.tsx'
import { Plain } from '../../../parts/plain.tsx'
import { sayFault, sayUndo } from '../../../parts/toast.tsx'
import { call } from '../../../platform/daemon.ts'
import { useList, useWrite } from '../../../platform/operations.ts'
import { permissions } from '../../../text/settings-access.ts'
import { settings } from '../../../text/settings.ts'
import { AddRule } from './add-rule.tsx'
import { ruleInWords, type Rule } from './rule-words.ts'
import { TryRules } from './try-rules.tsx'

const tones = { allow: 'good', ask: 'warn', deny: 'bad' } as const satisfies Record<Rule['action'], Tone>
/** A rule as it is sent to be written. */
const sentOf = ({ tool, pattern, action, level, sessionId, workspace, expiresAt }: Rule) => ({
  tool,
  action,
  level,
  ...(pattern === null ? {} : { pattern }),
  ...(sessionId === null ? {} : { sessionId }),
  ...(workspace === null ? {} : { workspace }),
  ...(expiresAt === null ? {} : { expiresAt }),
})
/** The rules of what tools may do: found, added with their meaning in words, removed and brought back. */
export function Permissions() {
  const { q = '' } = useSearch({ strict: false }) as Readonly<Record<string, string>>
  const navigate = useNavigate()
  const [adds, setAdds] = useState<'blank' | 'example'>()
  const list = useList('permissions.list', { limit: 200 })
  const remove = useWrite('permissions.remove')
  const search = (wanted: string) =>
    void navigate({ to: '/settings/$section', params: { section: 'permissions' }, search: wanted === '' ? {} : { q: wanted }, replace: true })
  const rows = list.items.filter((rule) =>
    `${rule.tool} ${rule.pattern ?? ''} ${rule.workspace ?? ''} ${ruleInWords(rule)}`.toLowerCase().includes(q.toLowerCase()),
  )
  const forget = (rule: Rule) =>
    remove.mutate(
      { id: rule.id },
      { onSuccess: () => sayUndo(permissions.removed, () => void call('permissions.add', sentOf(rule)).catch(sayFault)), onError: sayFault },
    )
  const add = (
    <Button kind="primary" onClick={() => setAdds('blank')}>
      {permissions.add}
    </Button>
  )
  return (
    <Page title={settings.sections.permissions} about={permissions.about} actions={add}>
      {list.items.length > 5 && (
        <Field label={permissions.search} hiddenLabel className="max-w-80">
          {(described) => (
            <Input {...described} type="search" placeholder={permissions.search} value={q} onChange={(event) => search(event.target.value)} />
          )}
        </Field>
      )}
      {list.isPending && <Loading />}
      {list.error && <Failed error={list.error} retry={list.again} />}
      {!list.isPending && !list.error && list.items.length === 0 && (
        <Empty title={permissions.none} action={<Button onClick={() => setAdds('example')}>{permissions.example}</Button>}>
          {permissions.noneAbout}
        </Empty>
      )}
      {list.items.length > 0 && rows.length === 0 && <Empty title={permissions.noneFound(q)} />}
      {rows.length > 0 && (
        <ul className="divide-y border-y">
          {rows.map((rule) => (
            <RuleRow key={rule.id} rule={rule} onRemove={() => forget(rule)} />
          ))}
        </ul>
      )}
      <More list={list} />
      <Section title={permissions.tryTitle}>
        <TryRules />
      </Section>
      {adds !== undefined && <AddRule example={adds === 'example'} onClose={() => setAdds(undefined)} />}
    </Page>
  )
}
function RuleRow({ rule, onRemove }: { readonly rule: Rule; readonly onRemove: () => void }) {
  const name = `${rule.tool} ${rule.pattern ?? permissions.every}`
  return (
    <li className="flex min-h-10 flex-wrap items-center gap-x-4 gap-y-1 py-1.5">
      <span className="w-16">
        <Mark tone={tones[rule.action]}>{permissions.actions[rule.action]}</Mark>
      </span>
      <div className="min-w-44 flex-1">
        <div className="font-mono break-all">
          <span className="font-bold">{rule.tool}</span> {rule.pattern !== null && <Plain text={rule.pattern} />}
        </div>
        <div className="break-words text-muted">
          <Plain text={ruleInWords(rule)} />
        </div>
      </div>
      <Button size="sm" kind="danger" aria-label={permissions.removeOf(name)} onClick={onRemove}>
        {settings.remove}
      </Button>
    </li>
  )
}
