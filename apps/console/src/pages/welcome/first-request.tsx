import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { Button } from '../../parts/button.tsx'
import { Field, Input } from '../../parts/field.tsx'
import { Section } from '../../parts/page.tsx'
import { sayFault } from '../../parts/toast.tsx'
import { call } from '../../platform/daemon.ts'
import { welcome } from '../../text/welcome.ts'

/** A request that works with whatever model there is; it goes on in its session. */
export function FirstRequest() {
  const navigate = useNavigate()
  const [request, setRequest] = useState<string>(welcome.example)
  const [busy, setBusy] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  const send = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      const { id } = await call('sessions.create', {})
      await call('messages.send', { sessionId: id, text: request.trim() })
      await navigate({ to: '/sessions/$sessionId', params: { sessionId: id } })
    } catch (error) {
      setBusy(false)
      sayFault(error)
    }
  }
  return (
    <Section title={welcome.tryTitle}>
      <form className="flex flex-wrap items-end gap-2" onSubmit={(event) => void send(event)}>
        <Field label={welcome.request} hint={welcome.tryAbout} className="min-w-52 flex-1">
          {(described) => <Input {...described} ref={field} value={request} onChange={(event) => setRequest(event.target.value)} />}
        </Field>
        <Button kind="primary" type="submit" className="mb-[19px]" busy={busy} disabled={request.trim() === ''}>
          {busy ? welcome.sending : welcome.send}
        </Button>
      </form>
    </Section>
  )
}
