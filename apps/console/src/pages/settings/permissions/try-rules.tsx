import { useState, type FormEvent } from 'react'
import { Button } from '../../../parts/button.tsx'
import { Field, Input, Select } from '../../../parts/field.tsx'
import { Mark } from '../../../parts/mark.tsx'
import { Failed } from '../../../parts/notes.tsx'
import { Plain } from '../../../parts/plain.tsx'
import { useWrite } from '../../../platform/operations.ts'
import { permissions } from '../../../text/settings-access.ts'

/** Tools whose calls are told by one word, and what that word is to them. */
const tried = { 'shell.run': 'command', 'files.read': 'path', 'files.write': 'path', 'web.fetch': 'url' } as const
type Tried = keyof typeof tried
const tones = { allow: 'good', ask: 'warn', deny: 'bad', unknown: 'none' } as const

/** Judges a call by the rules as they are, as a dry run: nothing is run. */
export function TryRules() {
  const [tool, setTool] = useState<Tried>('shell.run')
  const [word, setWord] = useState('git status')
  const foresee = useWrite('executions.start')
  const judge = (event: FormEvent) => {
    event.preventDefault()
    foresee.mutate({ toolId: tool, inputs: { [tried[tool]]: word, ...(tool === 'files.write' ? { content: '' } : {}) }, dryRun: true })
  }
  return (
    <form className="flex flex-col gap-2" onSubmit={judge}>
      <p className="max-w-[72ch] text-muted">{permissions.tryAbout}</p>
      <div className="flex flex-wrap items-end gap-2">
        <Field label={permissions.tryTool} className="w-36">
          {(described) => (
            <Select
              {...described}
              value={tool}
              onChange={setTool}
              options={(Object.keys(tried) as Tried[]).map((value) => ({ value, label: value }))}
            />
          )}
        </Field>
        <Field label={permissions.tryInputs} className="min-w-44 flex-1">
          {(described) => (
            <Input {...described} className="font-mono" spellCheck={false} value={word} onChange={(event) => setWord(event.target.value)} />
          )}
        </Field>
        <Button type="submit" busy={foresee.isPending} disabled={word.trim() === ''}>
          {permissions.try}
        </Button>
      </div>
      {foresee.error && <Failed error={foresee.error} />}
      <div role="status">
        {foresee.data?.dryRun?.map(({ stepId, decision, reason }) => (
          <div key={stepId}>
            <Mark tone={tones[decision]}>{permissions.would[decision]}</Mark>{' '}
            <span className="break-words text-muted">
              <Plain text={reason} />
            </span>
          </div>
        ))}
      </div>
    </form>
  )
}
