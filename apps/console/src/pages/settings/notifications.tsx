import { NotifyButton } from '../../decisions/notify-button.tsx'
import { Page } from '../../parts/page.tsx'
import { canNotify, useNotifying } from '../../platform/notify.ts'
import { notifications, settings } from '../../text/settings.ts'

/** Whether this browser tells of what waits for its person. */
export function Notifications() {
  const isOn = useNotifying()
  const state = !canNotify() ? notifications.impossible : isOn ? notifications.on : notifications.off
  return (
    <Page title={settings.sections.notifications} about={notifications.about}>
      <p className="max-w-[72ch]">{state}</p>
      <div className="empty:hidden">
        <NotifyButton />
      </div>
    </Page>
  )
}
