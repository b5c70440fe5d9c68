import { Button } from '../../../parts/button.tsx'
import { Time } from '../../../parts/facts.tsx'
import { More } from '../../../parts/more.tsx'
import { Failed } from '../../../parts/notes.tsx'
import { Section } from '../../../parts/page.tsx'
import { say, sayFault } from '../../../parts/toast.tsx'
import { useList, useWrite } from '../../../platform/operations.ts'
import { skills } from '../../../text/settings-agents.ts'

/** Deleted skills, which can be put back; nothing where there are none. */
export function Trash() {
  const list = useList('skills.trash', { limit: 20 })
  const restore = useWrite('skills.restore', ['skills.trash', 'skills.tags'])
  if (list.error) return <Failed error={list.error} retry={list.again} />
  if (list.items.length === 0) return null
  return (
    <Section title={skills.trash}>
      <ul className="divide-y border-y">
        {list.items.map(({ id, name, deletedAt }) => (
          <li key={id} className="flex min-h-10 items-center gap-4">
            <span className="min-w-0 flex-1 truncate">{name}</span>
            <Time at={deletedAt} />
            <Button
              size="sm"
              aria-label={`${skills.restore}: ${name}`}
              busy={restore.isPending}
              onClick={() => restore.mutate({ id }, { onSuccess: () => say(skills.restored(name)), onError: sayFault })}
            >
              {skills.restore}
            </Button>
          </li>
        ))}
      </ul>
      <More list={list} />
    </Section>
  )
}
