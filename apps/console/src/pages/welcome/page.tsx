import { useEffect, useState } from 'react'
import { AddKey } from '../../keys/add-key.tsx'
import { FoundKeys } from '../../keys/found-keys.tsx'
import { LocalServers } from '../../keys/local-servers.tsx'
import { Button } from '../../parts/button.tsx'
import { Mark } from '../../parts/mark.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { rememberVisit } from '../../platform/first-visit.ts'
import { providerName } from '../../text/keys.ts'
import { welcome } from '../../text/welcome.ts'
import { FirstRequest } from './first-request.tsx'

/** The first visit: what works without a key, how to give one, and a first request. Each step can be passed by. */
export function WelcomePage() {
  const [ready, setReady] = useState<string>()
  const [isOn, setOn] = useState(false)
  useEffect(rememberVisit, [])
  const goOn = (provider?: string) => {
    setReady(provider)
    setOn(true)
  }
  if (isOn)
    return (
      <Page title={welcome.title}>
        {ready !== undefined && <Mark tone="good">{welcome.ready(providerName(ready))}</Mark>}
        <FirstRequest />
        <Button kind="quiet" size="sm" className="self-start" onClick={() => setOn(false)}>
          {welcome.back}
        </Button>
      </Page>
    )
  return (
    <Page title={welcome.title} about={welcome.about}>
      <div>
        <Button onClick={() => goOn()}>{welcome.without}</Button>
      </div>
      <Section title={welcome.found}>
        <FoundKeys onAdopted={goOn} />
      </Section>
      <Section title={welcome.servers}>
        <p className="text-muted">{welcome.servesAbout}</p>
        <LocalServers onConnected={goOn} />
      </Section>
      <Section title={welcome.enter}>
        <AddKey onAdded={goOn} />
      </Section>
    </Page>
  )
}
