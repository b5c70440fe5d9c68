import { useState } from 'react'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field, TextArea } from '../../parts/field.tsx'
import { Failed } from '../../parts/notes.tsx'
import { say } from '../../parts/toast.tsx'
import type { InputOf } from '../../platform/daemon.ts'
import { useWrite } from '../../platform/operations.ts'
import { tasks as words } from '../../text/tasks.ts'

type Input = NonNullable<InputOf<'tasks.runNow'>['input']>
/** A JSON object, or undefined for anything else. */
function inputOf(written: string): Input | undefined {
  try {
    const value: unknown = JSON.parse(written)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Input) : undefined
  } catch {
    return undefined
  }
}
/** Runs a task at once, with what would otherwise come from an event. */
export function RunWith({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const [written, setWritten] = useState('{\n  \n}')
  const [isWrong, setIsWrong] = useState(false)
  const run = useWrite('tasks.runNow')
  const submit = () => {
    const input = inputOf(written)
    setIsWrong(!input)
    if (!input) return
    run.mutate(
      { id, input },
      {
        onSuccess() {
          say(words.started)
          onClose()
        },
      },
    )
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.runTitle}
      actions={
        <Button kind="primary" busy={run.isPending} onClick={submit}>
          {words.runNow}
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label={words.runInput} hint={words.runInputHint} error={isWrong ? words.notJson : undefined}>
          {(described) => (
            <TextArea
              {...described}
              rows={6}
              spellCheck={false}
              className="font-mono"
              value={written}
              onChange={(event) => setWritten(event.target.value)}
            />
          )}
        </Field>
        {run.error && <Failed error={run.error} />}
      </div>
    </Dialog>
  )
}
