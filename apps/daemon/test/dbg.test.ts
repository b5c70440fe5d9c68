import { test } from 'vitest'
import { startDaemon } from './kit.ts'
import { setTimeout as sleep } from 'node:timers/promises'
for (const mode of ['abort', 'abort-read', 'none', 'calls'])
test(mode, async () => {
  const daemon = await startDaemon({})
  const { id } = await daemon.client.sessions.create({ })
  const c = new AbortController()
  if (mode !== 'none' && mode !== 'calls') {
    const r = await daemon.fetch(`/v1/sessions/${id}/events`, { signal: c.signal })
    const reader = r.body!.getReader()
    await reader.read()
    if (mode === 'abort-read') void reader.read().catch(() => {})
    c.abort()
    await sleep(300)
  }
  if (mode === 'calls') { for await (const i of daemon.client.follow({ sessionId: id })) { break } ; await daemon.client.sessions.list({}) }
  const t = performance.now()
  await Promise.race([daemon.served.stop(), sleep(3000)]); console.log(mode, 'stopped', performance.now()-t)
}, 16000)
