import { Link } from '@tanstack/react-router'
import { Page } from '../../parts/page.tsx'
import { channels, settings } from '../../text/settings.ts'

/** Says that there are no channels, and what there is instead. */
export function Channels() {
  return (
    <Page title={settings.sections.channels}>
      <p className="max-w-[72ch] text-md">{channels.about}</p>
      <Link to="/settings/$section" params={{ section: 'hooks' }} className="self-start text-accent underline">
        {channels.toHooks}
      </Link>
    </Page>
  )
}
