import { useState } from 'react'
import { Button } from '../../../parts/button.tsx'
import { Confirm } from '../../../parts/confirm.tsx'
import { Time } from '../../../parts/facts.tsx'
import { Mark } from '../../../parts/mark.tsx'
import { More } from '../../../parts/more.tsx'
import { Empty, Failed, Loading } from '../../../parts/notes.tsx'
import { Page, Section } from '../../../parts/page.tsx'
import { say, sayFault } from '../../../parts/toast.tsx'
import { useList, useRead, useWrite, type ItemOf } from '../../../platform/operations.ts'
import { tokens } from '../../../text/settings-access.ts'
import { settings } from '../../../text/settings.ts'
import { Browsers } from './browsers.tsx'
import { NewToken } from './new-token.tsx'
import { OtherDevice } from './other-device.tsx'

type Token = ItemOf<'tokens.list'>

/** Who may use this Steward: this browser, other devices, and programs with a token. */
export function Tokens() {
  const who = useRead('tokens.whoami', {})
  const list = useList('tokens.list', {})
  const revoke = useWrite('tokens.revoke')
  const [adds, setAdds] = useState(false)
  const [going, setGoing] = useState<Token>()
  return (
    <Page title={settings.sections.tokens} about={tokens.about}>
      {who.data && (
        <Section title={tokens.whoami}>
          <p>{tokens.whoamiFacts(who.data.id)}</p>
          <p className="text-muted">
            {tokens.scopes} {who.data.scopes.includes('*') ? tokens.everything : <span className="font-mono">{who.data.scopes.join(', ')}</span>}
          </p>
        </Section>
      )}
      <Section title={tokens.browsers}>
        <Browsers />
      </Section>
      <Section title={tokens.device}>
        <OtherDevice />
      </Section>
      <Section
        title={tokens.list}
        actions={
          <Button size="sm" onClick={() => setAdds(true)}>
            {tokens.create}
          </Button>
        }
      >
        {list.isPending && <Loading />}
        {list.error && <Failed error={list.error} retry={list.again} />}
        {!list.isPending && !list.error && list.items.length === 0 && (
          <Empty title={tokens.none} action={<Button onClick={() => setAdds(true)}>{tokens.example}</Button>}>
            {tokens.noneAbout}
          </Empty>
        )}
        {list.items.length > 0 && (
          <ul className="divide-y border-y">
            {list.items.map((token) => (
              <TokenRow key={token.id} token={token} onRevoke={() => setGoing(token)} />
            ))}
          </ul>
        )}
        <More list={list} />
      </Section>
      {adds && <NewToken onClose={() => setAdds(false)} />}
      <Confirm
        open={going !== undefined}
        title={tokens.revokeTitle(going?.name ?? '')}
        why={tokens.revokeWhy}
        deed={tokens.revoke}
        busy={revoke.isPending}
        onClose={() => setGoing(undefined)}
        onConfirm={() =>
          revoke.mutate(
            { id: going?.id ?? '' },
            { onSuccess: () => say(tokens.wasRevoked(going?.name ?? '')), onError: sayFault, onSettled: () => setGoing(undefined) },
          )
        }
      />
    </Page>
  )
}
function TokenRow({ token, onRevoke }: { readonly token: Token; readonly onRevoke: () => void }) {
  const { name, scopes, createdBy, createdAt, expiresAt, lastUsedAt, revokedAt } = token
  const hasEnded = expiresAt !== null && Date.parse(expiresAt) <= Date.now()
  const isValid = revokedAt === null && !hasEnded
  return (
    <li className="flex min-h-10 flex-wrap items-center gap-x-4 gap-y-1 py-1.5">
      <div className="min-w-44 flex-1">
        <span className="font-bold">{name}</span> <span className="font-mono break-all text-muted">{scopes.join(', ')}</span>
        <div className="flex flex-wrap gap-x-3 text-xs text-muted">
          <span>
            {settings.created} <Time at={createdAt} /> {tokens.by} {createdBy}
          </span>
          <span>
            {settings.lastUsed} {lastUsedAt === null ? settings.never : <Time at={lastUsedAt} />}
          </span>
          {expiresAt !== null && (
            <span>
              {tokens.expires} <Time at={expiresAt} />
            </span>
          )}
        </div>
      </div>
      <Mark tone={isValid ? 'good' : 'none'}>{revokedAt !== null ? tokens.revoked : hasEnded ? tokens.expired : tokens.valid}</Mark>
      {isValid && (
        <Button size="sm" kind="danger" aria-label={tokens.revokeOf(name)} onClick={onRevoke}>
          {tokens.revoke}
        </Button>
      )}
    </li>
  )
}
