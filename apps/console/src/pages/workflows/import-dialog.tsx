import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field, TextArea } from '../../parts/field.tsx'
import { Failed } from '../../parts/notes.tsx'
import { say } from '../../parts/toast.tsx'
import { upload } from '../../platform/daemon.ts'
import { text } from '../../text/index.ts'
import { workflows as words } from '../../text/workflows.ts'
import type { Workflow } from './draft.ts'

/** Saves a workflow from YAML. */
export function useImport(onImported: (workflow: Workflow) => void) {
  return useMutation({
    mutationFn: (yaml: string) => upload('workflows.import', {}, new TextEncoder().encode(yaml)),
    onSuccess(workflow) {
      say(words.yaml.imported(workflow.name, workflow.version))
      onImported(workflow)
    },
  })
}
export interface ImportDialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly onImported: (workflow: Workflow) => void
}
/** Takes a workflow from a file or a text. */
export function ImportDialog({ open, onClose, onImported }: ImportDialogProps) {
  const [yaml, setYaml] = useState('')
  const send = useImport(onImported)
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={words.yaml.importTitle}
      shape="wide"
      actions={
        <>
          <Button onClick={onClose}>{text.common.cancel}</Button>
          <Button kind="primary" busy={send.isPending} disabled={yaml.trim() === ''} onClick={() => send.mutate(yaml)}>
            {words.yaml.go}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <p className="text-muted">{words.yaml.importAbout}</p>
        <Field label={words.yaml.file}>
          {(described) => (
            <input
              {...described}
              type="file"
              accept=".yaml,.yml,application/yaml,text/plain"
              className="min-h-8"
              onChange={(event) => void event.target.files?.[0]?.text().then(setYaml)}
            />
          )}
        </Field>
        <Field label={words.yaml.text}>
          {(described) => (
            <TextArea
              {...described}
              rows={14}
              spellCheck={false}
              className="font-mono"
              value={yaml}
              onChange={(event) => setYaml(event.target.value)}
            />
          )}
        </Field>
        {send.error && <Failed error={send.error} />}
      </div>
    </Dialog>
  )
}
