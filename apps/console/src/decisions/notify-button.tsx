import { Bell, BellOff } from 'lucide-react'
import { Button } from '../parts/button.tsx'
import { say } from '../parts/toast.tsx'
import { canNotify, startNotifying, stopNotifying, useNotifying } from '../platform/notify.ts'
import { inbox as words } from '../text/inbox.ts'

/** Begins and ends notifications on this device. The browser is asked for leave by this press, and never by itself. */
export function NotifyButton() {
  const isOn = useNotifying()
  if (!canNotify()) return null
  const begin = async () => say((await startNotifying()) ? words.notifyOn : words.notifyRefused)
  return isOn ? (
    <Button onClick={stopNotifying}>
      <BellOff aria-hidden size={14} /> {words.notifyOff}
    </Button>
  ) : (
    <Button onClick={() => void begin()}>
      <Bell aria-hidden size={14} /> {words.notify}
    </Button>
  )
}
