import { useState } from 'react'
import { Button } from '../../../parts/button.tsx'
import { Confirm } from '../../../parts/confirm.tsx'
import { Time } from '../../../parts/facts.tsx'
import { Mark } from '../../../parts/mark.tsx'
import { More } from '../../../parts/more.tsx'
import { Failed, Loading } from '../../../parts/notes.tsx'
import { say, sayFault } from '../../../parts/toast.tsx'
import { useList, useWrite, type ItemOf } from '../../../platform/operations.ts'
import { tokens as words } from '../../../text/settings-access.ts'
import { settings } from '../../../text/settings.ts'
import { browserName } from './browser-name.ts'

type Login = ItemOf<'logins.list'>
const nameOf = ({ client }: Login) => {
  const { browser, system } = browserName(client ?? '')
  return words.browserOn(browser, system)
}
/** The browsers that are logged in, each with a way to log it out; this one too. */
export function Browsers() {
  const list = useList('logins.list', {})
  const end = useWrite('logins.end')
  const [going, setGoing] = useState<Login>()
  const open = list.items.filter(({ endedAt }) => endedAt === null)
  const logOut = ({ id, current }: Login, name: string) =>
    end.mutate(
      { id },
      {
        // This browser is out as soon as it is done: its page says so by itself, and the answer may not reach it any more.
        onSuccess: () => current || say(words.wasLoggedOut(name)),
        onError: (error) => current || sayFault(error),
        onSettled: () => setGoing(undefined),
      },
    )
  return (
    <>
      {list.isPending && <Loading />}
      {list.error && <Failed error={list.error} retry={list.again} />}
      {!list.isPending && !list.error && open.length === 0 && <p className="text-muted">{words.noBrowsers}</p>}
      {open.length > 0 && (
        <ul className="divide-y border-y">
          {open.map((login) => (
            <BrowserRow key={login.id} login={login} onLogOut={() => setGoing(login)} />
          ))}
        </ul>
      )}
      <More list={list} />
      <Confirm
        open={going !== undefined}
        title={going?.current ? words.logOutHere : words.logOutTitle(going ? nameOf(going) : '')}
        why={words.logOutWhy}
        deed={words.logOut}
        busy={end.isPending}
        onClose={() => setGoing(undefined)}
        onConfirm={() => going && logOut(going, nameOf(going))}
      />
    </>
  )
}
function BrowserRow({ login, onLogOut }: { readonly login: Login; readonly onLogOut: () => void }) {
  const { client, address, createdAt, lastUsedAt, current } = login
  const name = nameOf(login)
  return (
    <li className="flex min-h-10 flex-wrap items-center gap-x-4 gap-y-1 py-1.5">
      <div className="min-w-44 flex-1">
        <span className="mr-3 font-bold" title={client ?? undefined}>
          {name}
        </span>
        {current && <Mark tone="good">{words.whoami}</Mark>}
        <div className="flex flex-wrap gap-x-3 text-xs text-muted">
          <span>
            {words.loggedIn} <Time at={createdAt} />
          </span>
          <span>
            {settings.lastUsed} {lastUsedAt === null ? settings.never : <Time at={lastUsedAt} />}
          </span>
          {address !== null && <span className="font-mono">{address}</span>}
        </div>
      </div>
      <Button size="sm" kind="danger" aria-label={words.logOutOf(name, current)} onClick={onLogOut}>
        {words.logOut}
      </Button>
    </li>
  )
}
