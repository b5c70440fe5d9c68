import { useState } from 'react'
import { Check } from '../../parts/field.tsx'
import { Json } from '../../parts/json.tsx'
import { Section } from '../../parts/page.tsx'
import { SchemaForm } from '../../parts/schema-form.tsx'
import { gallery as words } from '../../text/gallery.ts'
import { formSchema } from './samples.ts'

/** A form from a schema, and the value it makes. */
export function Forms() {
  const [value, setValue] = useState<unknown>({
    limit: 20,
    tags: ['weekly'],
    recipients: [{ email: 'ada@example' }],
    headers: { accept: 'text/html' },
  })
  const [templates, setTemplates] = useState(false)
  return (
    <Section id="forms" title={words.forms} actions={<Check label={words.templates} checked={templates} onChange={setTemplates} />}>
      <div className="grid gap-6 lg:grid-cols-2">
        <SchemaForm schema={formSchema} value={value} onChange={setValue} templates={templates} />
        <div className="flex min-w-0 flex-col gap-2">
          <h3 className="font-bold">{words.result}</h3>
          <Json value={value} />
        </div>
      </div>
    </Section>
  )
}
