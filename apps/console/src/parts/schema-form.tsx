import { Suspense } from 'react'
import { late } from './late.ts'
import { Loading } from './notes.tsx'
import type { FormProps } from './schema/form.tsx'

export type SchemaFormProps = FormProps
const Form = late(async () => (await import('./schema/form.tsx')).Form)

/**
 * Fields from a JSON Schema. `value` is the whole value, `onChange` gets the next one. `errors`: what the daemon found, by where (`steps.0.name`). `templates`: any field may
 * hold a template text instead. What to begin with is in schema/defaults.ts, what is wrong in schema/check.ts.
 */
export function SchemaForm(props: SchemaFormProps) {
  return (
    <Suspense fallback={<Loading />}>
      <Form {...props} />
    </Suspense>
  )
}
