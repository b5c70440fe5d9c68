import { Button } from '../../../parts/button.tsx'
import { CopyLine } from '../../../parts/copy-line.tsx'
import { Time } from '../../../parts/facts.tsx'
import { sayFault } from '../../../parts/toast.tsx'
import { useWrite } from '../../../platform/operations.ts'
import { tokens } from '../../../text/settings-access.ts'

/** Makes an address that logs another browser in, once. */
export function OtherDevice() {
  const create = useWrite('logins.create')
  return (
    <>
      <p className="max-w-[72ch] text-muted">{tokens.deviceAbout}</p>
      {create.data && (
        <div role="status" className="flex flex-col gap-1">
          {create.data.url === null ? <p>{tokens.noAddress}</p> : <CopyLine label={tokens.address} value={create.data.url} />}
          <p className="text-xs text-muted">
            {tokens.addressUntil} {new Date(create.data.expiresAt).toLocaleTimeString()} (<Time at={create.data.expiresAt} />)
          </p>
        </div>
      )}
      <Button className="self-start" busy={create.isPending} onClick={() => create.mutate({}, { onError: sayFault })}>
        {tokens.makeAddress}
      </Button>
    </>
  )
}
