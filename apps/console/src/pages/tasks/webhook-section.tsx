import { useState } from 'react'
import { Button } from '../../parts/button.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Failed } from '../../parts/notes.tsx'
import { useWrite } from '../../platform/operations.ts'
import { text } from '../../text/index.ts'
import { tasks as words } from '../../text/tasks.ts'

/** The address that signed requests go to, and a new secret for it, which is shown once. */
export function WebhookSection({ id, path }: { readonly id: string; readonly path: string }) {
  const [asks, setAsks] = useState(false)
  const rotate = useWrite('tasks.rotateSecret')
  const close = () => {
    setAsks(false)
    rotate.reset()
  }
  return (
    <div className="flex flex-col items-start gap-2">
      <Shown label={words.webhookPath} value={`${location.origin}${path}`} />
      <p className="text-muted">{words.secretRotated}</p>
      <Button onClick={() => setAsks(true)}>{words.rotate}</Button>
      <Dialog
        open={asks}
        onClose={close}
        title={rotate.data ? words.secretTitle : words.rotateTitle}
        actions={
          rotate.data ? (
            <Button kind="primary" onClick={close}>
              {text.common.close}
            </Button>
          ) : (
            <>
              <Button onClick={close}>{text.common.cancel}</Button>
              <Button kind="primary" busy={rotate.isPending} onClick={() => rotate.mutate({ id })}>
                {words.rotate}
              </Button>
            </>
          )
        }
      >
        <div className="flex flex-col gap-3">
          <p>{rotate.data ? words.secretOnce : words.rotateAsk}</p>
          {rotate.data && <Shown label={words.secret} value={rotate.data.secret} />}
          {rotate.error && <Failed error={rotate.error} />}
        </div>
      </Dialog>
    </div>
  )
}
function Shown({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <p className="flex max-w-full flex-wrap items-center gap-2">
      <span className="text-muted">{label}</span>
      <code className="min-w-0 rounded-sm bg-panel px-2 py-1 font-mono text-xs wrap-anywhere">{value}</code>
      <CopyButton text={value} what={label} />
    </p>
  )
}
