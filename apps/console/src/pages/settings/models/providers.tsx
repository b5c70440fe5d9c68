import { useState } from 'react'
import { Button } from '../../../parts/button.tsx'
import { Failed, Loading } from '../../../parts/notes.tsx'
import { Section } from '../../../parts/page.tsx'
import { useRead } from '../../../platform/operations.ts'
import { models } from '../../../text/settings-access.ts'
import { EditProvider } from './edit-provider.tsx'
import { ProviderRow } from './provider-row.tsx'

/** The providers that are set up, and those that are known by name. */
export function Providers() {
  const read = useRead('providers.list', { limit: 200 })
  const [adds, setAdds] = useState(false)
  const items = (read.data?.items ?? []).toSorted((one, other) => Number(other.hasKey) - Number(one.hasKey))
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
      <ul className="divide-y border-y">
        {items.map((provider) => (
          <ProviderRow key={provider.id} provider={provider} />
        ))}
      </ul>
      {adds && <EditProvider onClose={() => setAdds(false)} />}
    </Section>
  )
}
