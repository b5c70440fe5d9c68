import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../../parts/button.tsx'
import { Field, TextArea } from '../../../parts/field.tsx'
import { Failed, Loading } from '../../../parts/notes.tsx'
import { workflows as words } from '../../../text/workflows.ts'
import type { Workflow } from '../draft.ts'
import { useImport } from '../import-dialog.tsx'

/** A workflow as its file: to be read, changed and saved as the next version. `isChanged`: the form beside holds what is not in it. */
export function YamlView({ workflow: { id, version }, isChanged }: { readonly workflow: Workflow; readonly isChanged: boolean }) {
  const file = `/v1/workflows/${id}/yaml?version=${version}`
  const yaml = useQuery({
    queryKey: ['workflows.export', { id, version }],
    async queryFn({ signal }) {
      const answer = await fetch(file, { signal })
      if (!answer.ok) throw new Error(((await answer.json()) as { error: { message: string } }).error.message)
      return answer.text()
    },
  })
  const [written, setWritten] = useState<string>()
  const save = useImport(() => setWritten(undefined))
  if (yaml.error) return <Failed error={yaml.error} retry={() => void yaml.refetch()} />
  if (yaml.data === undefined) return <Loading rows={8} />
  const text = written ?? yaml.data
  return (
    <div className="flex flex-col gap-3">
      <p className="text-muted">{words.yaml.ofVersion(version)}</p>
      {isChanged && <p className="text-warn">{words.yaml.unsaved}</p>}
      <Field label={words.yaml.label}>
        {(described) => (
          <TextArea
            {...described}
            rows={Math.min(40, text.split('\n').length + 2)}
            spellCheck={false}
            className="font-mono"
            value={text}
            onChange={(event) => setWritten(event.target.value)}
          />
        )}
      </Field>
      {save.error && <Failed error={save.error} />}
      <div className="flex flex-wrap gap-2">
        <Button kind="primary" busy={save.isPending} disabled={text === yaml.data} onClick={() => save.mutate(text)}>
          {words.yaml.save}
        </Button>
        <a href={file} download className="inline-flex h-8 items-center rounded-sm border bg-raised px-3 hover:border-line-strong">
          {words.export}
        </a>
      </div>
    </div>
  )
}
