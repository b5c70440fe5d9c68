import { useQuery } from '@tanstack/react-query'
import { Button } from '../parts/button.tsx'
import { Mark } from '../parts/mark.tsx'
import { sayFault } from '../parts/toast.tsx'
import { call } from '../platform/daemon.ts'
import { useWrite } from '../platform/operations.ts'
import { keys, providerName } from '../text/keys.ts'
import { Found } from './found.tsx'

/** Keys that other tools keep on the host, looked for when this is shown; one can be used with a press. */
export function FoundKeys({ onAdopted }: { readonly onAdopted: (provider: string) => void }) {
  const found = useQuery({ queryKey: ['auth.discover'], queryFn: ({ signal }) => call('auth.discover', {}, { signal }), gcTime: 0 })
  const adopt = useWrite('auth.adopt', ['auth.discover'])
  return (
    <Found found={found}>
      {({ items }) =>
        items.length === 0 ? (
          <p className="text-muted">{keys.foundNone}</p>
        ) : (
          <ul className="divide-y border-y">
            {items.map(({ id, provider, tool, where, usable, why, profileId }) => (
              <li key={id} className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 py-1.5">
                <div className="min-w-0 flex-1">
                  <span className="font-bold">{provider === null ? keys.unknownProvider : providerName(provider)}</span>{' '}
                  <span className="break-words text-muted">{keys.foundIn(tool, where)}</span>
                  {why !== null && <p className="max-w-[72ch] text-muted">{why}</p>}
                </div>
                {profileId !== null && <Mark tone="good">{keys.inUse}</Mark>}
                {profileId === null && !usable && <Mark tone="none">{keys.unusable}</Mark>}
                {profileId === null && usable && provider !== null && (
                  <Button
                    size="sm"
                    busy={adopt.isPending}
                    aria-label={`${keys.use}: ${providerName(provider)}`}
                    onClick={() => adopt.mutate({ id }, { onSuccess: () => onAdopted(provider), onError: sayFault })}
                  >
                    {keys.use}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )
      }
    </Found>
  )
}
