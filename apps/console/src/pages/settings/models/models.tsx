import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { AddKey } from '../../../keys/add-key.tsx'
import { FoundKeys } from '../../../keys/found-keys.tsx'
import { LocalServers } from '../../../keys/local-servers.tsx'
import { Button } from '../../../parts/button.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { Page, Section } from '../../../parts/page.tsx'
import { say } from '../../../parts/toast.tsx'
import { keys, providerName } from '../../../text/keys.ts'
import { models } from '../../../text/settings-access.ts'
import { settings } from '../../../text/settings.ts'
import { DefaultModel } from './default-model.tsx'
import { Keys } from './keys.tsx'
import { Prices } from './prices.tsx'
import { Providers } from './providers.tsx'

/** Which models can be used, with which keys, at which addresses and at which prices. */
export function Models() {
  const [adds, setAdds] = useState(false)
  const added = (provider: string) => {
    setAdds(false)
    say(keys.works(providerName(provider)))
  }
  const add = (
    <Button kind="primary" onClick={() => setAdds(true)}>
      {models.addKey}
    </Button>
  )
  return (
    <Page title={settings.sections.models} about={models.about} actions={add}>
      <DefaultModel />
      <Section title={models.keys}>
        <Keys />
      </Section>
      <Providers />
      <Section title={models.foundKeys}>
        <FoundKeys onAdopted={(provider) => say(keys.adopted(providerName(provider)))} />
      </Section>
      <Section title={models.servers}>
        <LocalServers onConnected={(provider) => say(keys.connected(providerName(provider)))} />
      </Section>
      <Prices />
      <Link to="/welcome" className="self-start text-accent underline">
        {models.welcome}
      </Link>
      <Dialog open={adds} onClose={() => setAdds(false)} title={models.addKey}>
        <AddKey onAdded={added} />
      </Dialog>
    </Page>
  )
}
