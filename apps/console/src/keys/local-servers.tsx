import { useQuery } from '@tanstack/react-query'
import { Button } from '../parts/button.tsx'
import { Mark } from '../parts/mark.tsx'
import { sayFault } from '../parts/toast.tsx'
import { call } from '../platform/daemon.ts'
import { useWrite } from '../platform/operations.ts'
import { keys, providerName } from '../text/keys.ts'
import { Found } from './found.tsx'

/** Model servers of the host, looked for when this is shown: one that runs can be used with a press. */
export function LocalServers({ onConnected }: { readonly onConnected: (provider: string) => void }) {
  const found = useQuery({ queryKey: ['providers.discover'], queryFn: ({ signal }) => call('providers.discover', {}, { signal }), gcTime: 0 })
  const set = useWrite('providers.set', ['providers.discover'])
  return (
    <Found found={found}>
      {({ items }) => (
        <>
          <ul className="divide-y border-y">
            {items.map(({ provider, baseUrl, running, isSetUp, models }) => (
              <li key={provider} className="flex min-h-10 flex-wrap items-center gap-x-3 py-1.5">
                <div className="min-w-0 flex-1">
                  <span className="font-bold">{providerName(provider)}</span> <span className="text-muted">{baseUrl}</span>
                </div>
                <Mark tone={running ? 'good' : 'none'}>
                  {!running ? keys.serverAway : models.length === 0 ? keys.serverEmpty : keys.serverRunning(models.length)}
                </Mark>
                {isSetUp && <Mark tone="good">{keys.inUse}</Mark>}
                {running && !isSetUp && (
                  <Button
                    size="sm"
                    busy={set.isPending}
                    disabled={models.length === 0}
                    aria-label={`${keys.connect}: ${providerName(provider)}`}
                    onClick={() =>
                      set.mutate(
                        { id: provider, baseUrl, models: models.slice(0, 500) },
                        { onSuccess: () => onConnected(provider), onError: sayFault },
                      )
                    }
                  >
                    {keys.connect}
                  </Button>
                )}
              </li>
            ))}
          </ul>
          <Button size="sm" className="self-start" busy={found.isFetching} onClick={() => void found.refetch()}>
            {found.isFetching ? keys.looking : keys.look}
          </Button>
        </>
      )}
    </Found>
  )
}
