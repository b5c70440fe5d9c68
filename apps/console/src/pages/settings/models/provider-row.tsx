import { useState } from 'react'
import { Button } from '../../../parts/button.tsx'
import { duration } from '../../../parts/format.ts'
import { Mark } from '../../../parts/mark.tsx'
import { Plain } from '../../../parts/plain.tsx'
import type { AnswerOf } from '../../../platform/daemon.ts'
import { useWrite } from '../../../platform/operations.ts'
import { sayFault } from '../../../parts/toast.tsx'
import { providerName } from '../../../text/keys.ts'
import { models } from '../../../text/settings-access.ts'
import { settings } from '../../../text/settings.ts'
import { EditProvider } from './edit-provider.tsx'
import type { Provider } from './types.ts'

/** One provider: its address, whether it has a key, and a test that shows which models it has. */
export function ProviderRow({ provider }: { readonly provider: Provider }) {
  const { id, kind, baseUrl, hasKey } = provider
  const [edits, setEdits] = useState(false)
  const test = useWrite('providers.test')
  const name = providerName(id)
  const isKeyless = !hasKey && kind === 'openai-compatible' && provider.updatedAt !== null && baseUrl !== null
  return (
    <li className="flex min-h-10 flex-wrap items-center gap-x-4 gap-y-1 py-1.5">
      <div className="min-w-44 flex-1 break-words">
        <span className="font-bold">{name}</span>{' '}
        <span className="text-muted">{baseUrl ?? (kind === 'openai-compatible' ? models.noAddress : models.vendor)}</span>
      </div>
      <Mark tone={hasKey || isKeyless ? 'good' : 'none'}>{hasKey ? models.hasKey : isKeyless ? models.keyless : models.noKey}</Mark>
      {(hasKey || isKeyless) && (
        <Button size="sm" aria-label={models.testOf(name)} busy={test.isPending} onClick={() => test.mutate({ id }, { onError: sayFault })}>
          {test.isPending ? models.testing : models.test}
        </Button>
      )}
      <Button size="sm" aria-label={models.editProvider(name)} onClick={() => setEdits(true)}>
        {settings.edit}
      </Button>
      {test.data && <Verdict answer={test.data} />}
      {edits && <EditProvider provider={provider} onClose={() => setEdits(false)} />}
    </li>
  )
}
function Verdict({ answer: { works, message, latencyMs, models: found } }: { readonly answer: AnswerOf<'providers.test'> }) {
  return (
    <div role="status" className="w-full">
      <Mark tone={works ? 'good' : 'bad'}>
        <span className="whitespace-normal">{works ? models.tested(duration(latencyMs)) : <Plain text={message} />}</span>
      </Mark>
      {found.length > 0 && (
        <details>
          <summary className="inline-block min-h-6 text-muted underline">{models.found(found.length)}</summary>
          <p className="font-mono break-words">
            <Plain text={found.join(', ')} />
          </p>
        </details>
      )}
    </div>
  )
}
