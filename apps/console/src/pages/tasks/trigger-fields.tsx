import { Plus, X } from 'lucide-react'
import { useId, useState } from 'react'
import { Button, IconButton } from '../../parts/button.tsx'
import { Field, Input, Select } from '../../parts/field.tsx'
import { tasks as words } from '../../text/tasks.ts'
import type { TriggerInput } from './draft.ts'
import { likelyEvents } from './event-names.ts'
import type { Errors, FieldsProps } from './form-parts.ts'
import { EventFilter } from './event-filter.tsx'

export type EventTrigger = Extract<TriggerInput, { kind: 'event' }>

/** What else sets the task off: events of the logs, and one webhook. */
export function TriggerFields({ draft: { triggers }, change, errors }: FieldsProps) {
  const put = (index: number, trigger: TriggerInput) => change({ triggers: triggers.with(index, trigger) })
  const remove = (index: number) => change({ triggers: triggers.toSpliced(index, 1) })
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-2 font-bold">{words.triggersTitle}</legend>
      {triggers.map((trigger, index) => (
        <div key={index} className="flex items-start gap-2 rounded-sm border p-3">
          <div className="min-w-0 flex-1">
            {trigger.kind === 'event' ? (
              <EventFields trigger={trigger} errors={errors} place={`triggers.${index}`} onChange={(next) => put(index, next)} />
            ) : (
              <Field label={words.signature} hint={words.webhookNew}>
                {(described) => (
                  <Select
                    {...described}
                    value={trigger.signature ?? 'standard'}
                    onChange={(signature) => put(index, { kind: 'webhook', signature })}
                    options={(['standard', 'github'] as const).map((value) => ({ value, label: words.signatures[value] }))}
                  />
                )}
              </Field>
            )}
          </div>
          <IconButton label={words.removeTrigger} size="sm" onClick={() => remove(index)}>
            <X size={14} />
          </IconButton>
        </div>
      ))}
      <div className="flex flex-wrap gap-2">
        <Button size="sm" onClick={() => change({ triggers: [...triggers, { kind: 'event', events: ['task.failed'] }] })}>
          <Plus aria-hidden size={13} />
          {words.addEvents}
        </Button>
        {!triggers.some(({ kind }) => kind === 'webhook') && (
          <Button size="sm" onClick={() => change({ triggers: [...triggers, { kind: 'webhook', signature: 'standard' }] })}>
            <Plus aria-hidden size={13} />
            {words.addWebhook}
          </Button>
        )}
      </div>
    </fieldset>
  )
}
export interface EventFieldsProps {
  readonly trigger: EventTrigger
  readonly errors: Errors
  /** Where it stands in what is sent. */
  readonly place: string
  readonly onChange: (trigger: EventTrigger) => void
}
function EventFields({ trigger, errors, place, onChange }: EventFieldsProps) {
  const list = useId()
  const [written, setWritten] = useState('')
  const add = (name: string) => {
    setWritten('')
    const trimmed = name.trim()
    if (trimmed !== '' && !trigger.events.includes(trimmed)) onChange({ ...trigger, events: [...trigger.events, trimmed] })
  }
  return (
    <div className="flex flex-col gap-3">
      <Field label={words.events} error={errors[`${place}.events`]}>
        {(described) => (
          <>
            {trigger.events.length > 0 && (
              <ul className="flex flex-wrap gap-1">
                {trigger.events.map((name) => (
                  <li key={name} className="inline-flex items-center gap-1 rounded-sm bg-panel pl-2 font-mono text-xs">
                    {name}
                    <IconButton
                      label={words.removeEvent(name)}
                      size="sm"
                      onClick={() => onChange({ ...trigger, events: trigger.events.filter((one) => one !== name) })}
                    >
                      <X size={12} />
                    </IconButton>
                  </li>
                ))}
              </ul>
            )}
            <Input
              {...described}
              list={list}
              placeholder={words.eventChoose}
              value={written}
              onChange={(event) => {
                // What was chosen from the list comes at once and whole.
                const chosen = likelyEvents.find((name) => name === event.target.value)
                if (chosen && !(event.nativeEvent as InputEvent).inputType?.startsWith('insertText')) add(chosen)
                else setWritten(event.target.value)
              }}
              onBlur={() => add(written)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return
                event.preventDefault()
                add(written)
              }}
            />
            <datalist id={list}>
              {likelyEvents
                .filter((name) => !trigger.events.includes(name))
                .map((name) => (
                  <option key={name} value={name} />
                ))}
            </datalist>
          </>
        )}
      </Field>
      <EventFilter
        filter={trigger.filter ?? {}}
        errors={errors}
        place={`${place}.filter`}
        onChange={(filter) => onChange(withFilter(trigger, filter))}
      />
    </div>
  )
}
/** A filter that says nothing is left out. */
function withFilter({ kind, events }: EventTrigger, filter: NonNullable<EventTrigger['filter']>): EventTrigger {
  const said = Object.fromEntries(
    Object.entries(filter).filter(([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0)),
  )
  return { kind, events, ...(Object.keys(said).length === 0 ? {} : { filter: said }) }
}
