import { Copy, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '../../parts/button.tsx'
import { Combobox } from '../../parts/combobox.tsx'
import { Duration, Money, Time } from '../../parts/facts.tsx'
import { Check, Field, Input, Select, TextArea } from '../../parts/field.tsx'
import { Kbd } from '../../parts/kbd.tsx'
import { Empty, Failed, Loading } from '../../parts/notes.tsx'
import { Section } from '../../parts/page.tsx'
import { Status, type State } from '../../parts/status.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { states } from '../../text/common.ts'
import { gallery as words } from '../../text/gallery.ts'
import { modelOptions } from './samples.ts'

function Buttons() {
  return (
    <Section id="buttons" title={words.buttons}>
      {(['md', 'sm'] as const).map((size) => (
        <div key={size} className="flex flex-wrap items-center gap-2">
          <Button size={size} kind="primary">
            Allow
          </Button>
          <Button size={size}>
            <Plus aria-hidden size={14} />
            Add
          </Button>
          <Button size={size} kind="quiet">
            Always…
          </Button>
          <Button size={size} kind="danger">
            Delete
          </Button>
          <Button size={size} busy>
            Testing
          </Button>
          <Button size={size} disabled>
            Save
          </Button>
          <IconButton size={size} label="Copy">
            <Copy aria-hidden size={14} />
          </IconButton>
          <IconButton size={size} label="Delete" kind="danger">
            <Trash2 aria-hidden size={14} />
          </IconButton>
        </div>
      ))}
      <div className="flex items-center gap-2">
        <Kbd keys="mod+k" />
        <Kbd keys="Escape" />
        <Kbd keys="j" />
      </div>
    </Section>
  )
}
function Fields() {
  const [mode, setMode] = useState<'ask' | 'plan' | 'auto'>('ask')
  const [model, setModel] = useState('anthropic/claude-sonnet')
  const [isOn, setIsOn] = useState(true)
  return (
    <Section id="fields" title={words.fields}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={words.name} hint={words.nameHint}>
          {(described) => <Input {...described} placeholder="release-notes" />}
        </Field>
        <Field label="Taken name" error={words.nameError}>
          {(described) => <Input {...described} defaultValue="default" />}
        </Field>
        <Field label="Mode">
          {(described) => (
            <Select
              {...described}
              value={mode}
              onChange={setMode}
              options={[
                { value: 'ask', label: 'Ask first' },
                { value: 'plan', label: 'Plan only' },
                { value: 'auto', label: 'Act alone', disabled: true },
              ]}
            />
          )}
        </Field>
        <Field label="Model">
          {(described) => <Combobox {...described} label="Model" free value={model} options={modelOptions} onChange={setModel} />}
        </Field>
        <Field label="Prompt">{(described) => <TextArea {...described} defaultValue={'Look at the failing test.\nDo not change it.'} />}</Field>
        <div className="flex flex-col items-start gap-2">
          <Check label="Notify this device" checked={isOn} onChange={setIsOn} />
          <Check label="Not for this token" checked={false} disabled onChange={setIsOn} />
          <Combobox label="Model of the session" kind="quiet" value={model} options={modelOptions} onChange={setModel} />
        </div>
      </div>
    </Section>
  )
}
function Facts() {
  return (
    <Section id="states" title={words.states}>
      <div className="flex flex-wrap gap-x-5 gap-y-2">
        {(Object.keys(states) as State[]).map((state) => (
          <Status key={state} state={state} />
        ))}
      </div>
      <div className="flex flex-wrap gap-x-5 gap-y-2">
        <Time at={new Date(Date.now() - 400_000).toISOString()} />
        <Duration ms={8_230} />
        <Money usd={0.004} />
        <Money usd={1234.5} />
      </div>
    </Section>
  )
}
function Notes() {
  return (
    <Section id="notes" title={words.notes}>
      <Failed error={words.fault} retry={() => undefined} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Empty title={words.noRows} action={<Button>{words.addRow}</Button>}>
          {words.noRowsAbout}
        </Empty>
        <Loading rows={5} />
      </div>
    </Section>
  )
}
function TabSample() {
  const [tab, setTab] = useState<'steps' | 'runs' | 'versions'>('steps')
  const tabs = (['steps', 'runs', 'versions'] as const).map((value) => ({ value, label: value, content: <p>{value}</p> }))
  return (
    <Section id="tabs" title={words.tabs}>
      <Tabs label={words.tabs} tabs={tabs} value={tab} onChange={setTab} />
    </Section>
  )
}
/** What people press, fill in and read. */
export function Controls() {
  return (
    <>
      <Buttons />
      <Fields />
      <Facts />
      <Notes />
      <TabSample />
    </>
  )
}
