import { useNavigate, useSearch } from '@tanstack/react-router'
import { useDeferredValue } from 'react'
import { Button } from '../../../parts/button.tsx'
import { Field, Input, Select } from '../../../parts/field.tsx'
import { Mark } from '../../../parts/mark.tsx'
import { More } from '../../../parts/more.tsx'
import { Empty, Failed, Loading } from '../../../parts/notes.tsx'
import { Page } from '../../../parts/page.tsx'
import { Plain } from '../../../parts/plain.tsx'
import { useList, useRead, type ItemOf } from '../../../platform/operations.ts'
import { skills } from '../../../text/settings-agents.ts'
import { settings } from '../../../text/settings.ts'
import { NewSkill } from './new-skill.tsx'
import { ShowSkill } from './show-skill.tsx'
import { Trash } from './trash.tsx'

/** The library of skills: found by words and tags, with what is wrong with them. Search, tag and the open one are in the address. */
export function Skills() {
  const search = useSearch({ strict: false }) as Readonly<Record<string, string>>
  const { q = '', tag = '', skill: opened } = search
  const navigate = useNavigate()
  const query = useDeferredValue(q.trim())
  const list = useList('skills.list', { ...(query === '' ? {} : { query }), ...(tag === '' ? {} : { tag }) })
  const tags = useRead('skills.tags', { limit: 200 })
  const go = (more: Record<string, string>) => {
    const next = Object.entries({ q, tag, ...more }).filter(([, value]) => value !== '')
    void navigate({ to: '/settings/$section', params: { section: 'skills' }, search: Object.fromEntries(next), replace: true })
  }
  const isFiltered = query !== '' || tag !== ''
  const tagged = tags.data?.items ?? []
  return (
    <Page
      title={settings.sections.skills}
      about={skills.about}
      actions={
        <Button kind="primary" onClick={() => go({ skill: 'new:' })}>
          {skills.create}
        </Button>
      }
    >
      <div className="flex flex-wrap gap-2">
        <Field label={skills.search} hiddenLabel className="min-w-52 flex-1">
          {(described) => (
            <Input {...described} type="search" placeholder={skills.search} value={q} onChange={(event) => go({ q: event.target.value })} />
          )}
        </Field>
        {tagged.length > 0 && (
          <Field label={skills.tag} hiddenLabel className="w-44">
            {(described) => (
              <Select
                {...described}
                value={tag}
                onChange={(one) => go({ tag: one })}
                options={[{ value: '', label: skills.allTags }, ...tagged.map((one) => ({ value: one.tag, label: `${one.tag} (${one.skills})` }))]}
              />
            )}
          </Field>
        )}
      </div>
      {list.isPending && <Loading />}
      {list.error && <Failed error={list.error} retry={list.again} />}
      {!list.isPending && !list.error && list.items.length === 0 && (
        <Empty
          title={isFiltered ? skills.noneFound(query === '' ? tag : query) : skills.none}
          action={isFiltered ? undefined : <Button onClick={() => go({ skill: 'new:example' })}>{skills.example}</Button>}
        >
          {isFiltered ? undefined : skills.noneAbout}
        </Empty>
      )}
      {list.items.length > 0 && (
        <ul className="divide-y border-y">
          {list.items.map((skill) => (
            <SkillRow key={skill.name} skill={skill} onOpen={() => go({ skill: skill.name })} />
          ))}
        </ul>
      )}
      <More list={list} />
      <Trash />
      {opened?.startsWith('new:') === true && <NewSkill example={opened === 'new:example'} onClose={() => go({})} />}
      {opened !== undefined && !opened.startsWith('new:') && <ShowSkill key={opened} name={opened} onClose={() => go({})} />}
    </Page>
  )
}
function SkillRow({
  skill: { name, description, status, tags, faults },
  onOpen,
}: {
  readonly skill: ItemOf<'skills.list'>
  readonly onOpen: () => void
}) {
  return (
    <li className="flex min-h-10 flex-wrap items-center gap-x-4 gap-y-1 py-1.5">
      <div className="min-w-44 flex-1">
        <button type="button" className="min-h-6 text-left font-bold hover:underline" onClick={onOpen}>
          <Plain text={name} />
        </button>
        <p className="line-clamp-2 break-words text-muted">
          <Plain text={description} />
        </p>
        {faults.map(({ path, line, message }) => (
          <p key={`${path}:${line}:${message}`} className="break-words text-bad">
            <span className="font-mono">
              <Plain text={skills.faultPlace(path, line)} />
            </span>
            : <Plain text={message} />
          </p>
        ))}
      </div>
      {tags.length > 0 && <span className="text-muted">{tags.join(', ')}</span>}
      <Mark tone={status === 'valid' ? 'good' : 'bad'}>{skills[status]}</Mark>
    </li>
  )
}
