import { useNavigate } from '@tanstack/react-router'
import { useId, useState, type FormEvent } from 'react'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Check, Field, Input, Select, TextArea } from '../../parts/field.tsx'
import { Failed } from '../../parts/notes.tsx'
import { say } from '../../parts/toast.tsx'
import type { InputOf } from '../../platform/daemon.ts'
import { useWrite } from '../../platform/operations.ts'
import { text } from '../../text/index.ts'
import { tools as words } from '../../text/tools.ts'
import { examples } from '../../text/common.ts'
import { pairsOf, wordsOf } from './command-line.ts'

type Server = InputOf<'apps.add'>['server']
const blank = { kind: 'program', id: '', name: '', command: '', pairs: '', writable: '', url: '', sandbox: true, trusted: false } as const
interface Fields {
  readonly kind: 'program' | 'address'
  readonly id: string
  readonly name: string
  readonly command: string
  readonly pairs: string
  readonly writable: string
  readonly url: string
  readonly sandbox: boolean
  readonly trusted: boolean
}
/** Connects an MCP server: a program of the host, or an address. */
export function ConnectServer({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const navigate = useNavigate()
  const form = useId()
  const [fields, setFields] = useState<Fields>(blank)
  const [wrong, setWrong] = useState<{ readonly at: 'command' | 'pairs'; readonly words: string }>()
  const add = useWrite('apps.add')
  const set = (more: Partial<Fields>) => setFields((before) => ({ ...before, ...more }))
  const isProgram = fields.kind === 'program'
  const server = (): Server | undefined => {
    const read = pairsOf(fields.pairs, isProgram ? '=' : ':')
    if ('wrong' in read) return void setWrong({ at: 'pairs', words: words.lineWrong(read.wrong) })
    if (!isProgram) return { url: fields.url.trim(), headers: read.pairs }
    const [command, ...args] = wordsOf(fields.command)
    if (command === undefined) return void setWrong({ at: 'command', words: words.commandNeeded })
    const writable = fields.writable
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
    return { command, args, env: read.pairs, writable, sandbox: fields.sandbox }
  }
  const connect = (event: FormEvent) => {
    event.preventDefault()
    setWrong(undefined)
    const given = server()
    if (given === undefined) return
    const { id, name, trusted } = fields
    add.mutate(
      { id: id.trim(), server: given, trusted, ...(name.trim() === '' ? {} : { name: name.trim() }) },
      {
        onSuccess(app) {
          setFields(blank)
          if (app.status === 'ready') say(words.connected(app.name))
          void navigate({ to: '/tools/$appId', params: { appId: app.id } })
        },
      },
    )
  }
  const errorOf = (at: 'command' | 'pairs') => (wrong?.at === at ? wrong.words : undefined)
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={words.connect}
      actions={
        <>
          <span role="status" className="flex-1 self-center text-muted">
            {add.isPending ? words.connecting : ''}
          </span>
          <Button onClick={onClose}>{text.common.cancel}</Button>
          <Button kind="primary" type="submit" form={form} busy={add.isPending}>
            {words.connectDeed}
          </Button>
        </>
      }
    >
      <form id={form} className="flex flex-col gap-3" onSubmit={connect} noValidate>
        {add.error && <Failed error={add.error} />}
        <Field label={words.id} hint={words.idHint}>
          {(described) => <Input {...described} value={fields.id} spellCheck={false} onChange={(event) => set({ id: event.target.value })} />}
        </Field>
        <Field label={words.displayName}>
          {(described) => <Input {...described} value={fields.name} onChange={(event) => set({ name: event.target.value })} />}
        </Field>
        <Field label={words.kind}>
          {(described) => (
            <Select
              {...described}
              value={fields.kind}
              onChange={(kind) => set({ kind })}
              options={[
                { value: 'program', label: words.kindProgram },
                { value: 'address', label: words.kindAddress },
              ]}
            />
          )}
        </Field>
        {isProgram ? (
          <Field label={words.command} hint={words.commandHint} error={errorOf('command')}>
            {(described) => (
              <Input
                {...described}
                className="font-mono"
                spellCheck={false}
                value={fields.command}
                onChange={(event) => set({ command: event.target.value })}
              />
            )}
          </Field>
        ) : (
          <Field label={words.url}>
            {(described) => (
              <Input
                {...described}
                type="url"
                placeholder={examples.address}
                value={fields.url}
                onChange={(event) => set({ url: event.target.value })}
              />
            )}
          </Field>
        )}
        <Field label={isProgram ? words.env : words.headers} hint={isProgram ? words.envHint : words.headersHint} error={errorOf('pairs')}>
          {(described) => (
            <TextArea
              {...described}
              className="font-mono"
              spellCheck={false}
              value={fields.pairs}
              onChange={(event) => set({ pairs: event.target.value })}
            />
          )}
        </Field>
        {isProgram && (
          <>
            <Check label={words.sandbox} checked={fields.sandbox} onChange={(sandbox) => set({ sandbox })} />
            {fields.sandbox && (
              <Field label={words.writable} hint={words.writableHint}>
                {(described) => (
                  <TextArea
                    {...described}
                    className="font-mono"
                    spellCheck={false}
                    value={fields.writable}
                    onChange={(event) => set({ writable: event.target.value })}
                  />
                )}
              </Field>
            )}
          </>
        )}
        <div>
          <Check label={words.trusted} checked={fields.trusted} onChange={(trusted) => set({ trusted })} />
          <p className="pl-6 text-xs text-muted">{words.trustedHint}</p>
        </div>
      </form>
    </Dialog>
  )
}
