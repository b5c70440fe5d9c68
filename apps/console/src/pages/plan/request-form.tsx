import { useState } from 'react'
import { Button } from '../../parts/button.tsx'
import { Field, Input, Select, TextArea } from '../../parts/field.tsx'
import { useRead } from '../../platform/operations.ts'
import { plan as words } from '../../text/plan.ts'

/** A request as it is sent; what is empty is left to the daemon. */
export interface Request {
  readonly text: string
  readonly app: string
  readonly model: string
  readonly folder: string
}
export interface RequestFormProps {
  readonly initial: Request
  readonly busy: boolean
  /** Nothing has been planned yet: writing can begin at once. */
  readonly isFirst: boolean
  readonly onPlan: (request: Request) => void
}
/** Where a person says what should be done. Ctrl or ⌘ and Enter plans, so does Enter alone; Shift and Enter begins a line. */
export function RequestForm({ initial, busy, isFirst, onPlan }: RequestFormProps) {
  const [request, setRequest] = useState(initial)
  const apps = useRead('tools.list', {})
  const models = useRead('models.list', {})
  const set = useRead('settings.get', { key: 'plans.model' })
  const change = (changed: Partial<Request>) => setRequest({ ...request, ...changed })
  const available = models.data?.items.filter((model) => model.available) ?? []
  const own = set.data?.value
  const planner =
    request.model !== ''
      ? request.model
      : own === 'auto'
        ? available.find(({ isDefault }) => isDefault)?.id
        : typeof own === 'string'
          ? own
          : undefined
  const isEmpty = request.text.trim() === ''
  const plan = () => {
    if (!isEmpty && !busy) onPlan({ ...request, text: request.text.trim() })
  }
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        plan()
      }}
    >
      <Field label={words.request}>
        {(described) => (
          <TextArea
            {...described}
            autoFocus={isFirst}
            rows={2}
            maxLength={20_000}
            placeholder={words.placeholder}
            className="text-md"
            value={request.text}
            onChange={(event) => change({ text: event.target.value })}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
              event.preventDefault()
              plan()
            }}
          />
        )}
      </Field>
      <div className="flex flex-wrap items-end gap-3">
        <Field label={words.app} className="min-w-36 max-sm:flex-1">
          {(described) => (
            <Select
              {...described}
              value={request.app}
              onChange={(app) => change({ app })}
              options={[
                { value: '', label: words.allApps },
                ...(apps.data?.apps ?? []).map(({ id, name }) => ({ value: id, label: name === id ? `@${id}` : `@${id}, ${name}` })),
              ]}
            />
          )}
        </Field>
        <Field label={words.model} className="min-w-44 max-sm:flex-1">
          {(described) => (
            <Select
              {...described}
              value={request.model}
              onChange={(model) => change({ model })}
              options={[
                {
                  value: '',
                  label:
                    planner === undefined || request.model !== ''
                      ? words.defaultModel
                      : `${words.defaultModel}: ${planner === 'builtin' ? words.builtin : planner}`,
                },
                ...available.map(({ id }) => ({ value: id, label: id === 'builtin' ? words.builtin : id })),
              ]}
            />
          )}
        </Field>
        <Field label={words.folder} className="min-w-44 flex-1">
          {(described) => (
            <Input
              {...described}
              value={request.folder}
              maxLength={4096}
              placeholder={words.folderHint}
              onChange={(event) => change({ folder: event.target.value })}
            />
          )}
        </Field>
        <Button type="submit" kind="primary" busy={busy} disabled={isEmpty}>
          {words.make}
        </Button>
      </div>
      {planner === 'builtin' && <p className="text-xs text-muted">{words.builtinAbout}</p>}
    </form>
  )
}
