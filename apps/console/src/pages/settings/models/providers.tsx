import { useState } from 'react'
import { Button } from '../../../parts/button.tsx'
import { Failed, Loading } from '../../../parts/notes.tsx'
import { Section } from '../../../parts/page.tsx'
import { useRead } from '../../../platform/operations.ts'
import { models } from '../../../text/settings-access.ts'
import { EditProvider } from './edit-provider.tsx'
import { ProviderRow } from './provider-row.tsx'
import type { Provider } from './types.ts'

/** The providers that are set up, and those that are known by name. */
export function Providers() {
  const read = useRead('providers.list', { limit: 200 })
  const [adds, setAdds] = useState(false)
  const isUsed = ({ hasKey, updatedAt }: Provider) => hasKey || updatedAt !== null
  const items = read.data?.items ?? []
  const used = items.filter(isUsed)
  const others = items.filter((provider) => !isUsed(provider))
  return (
    <Section
      title={models.providers}
      actions={
        <Button size="sm" onClick={() => setAdds(true)}>
          {models.addProvider}
        </Button>
      }
    >
      {read.isPending && <Loading />}
      {read.error && <Failed error={read.error} retry={() => void read.refetch()} />}
      {used.length > 0 && <Rows items={used} />}
      {others.length > 0 && (
        <details open={used.length === 0 || undefined}>
          <summary className="inline-flex min-h-6 items-center text-muted underline">{models.others(others.length)}</summary>
          <Rows items={others} />
        </details>
      )}
      {adds && <EditProvider onClose={() => setAdds(false)} />}
    </Section>
  )
}
const Rows = ({ items }: { readonly items: readonly Provider[] }) => (
  <ul className="divide-y border-y">
    {items.map((provider) => (
      <ProviderRow key={provider.id} provider={provider} />
    ))}
  </ul>
)
