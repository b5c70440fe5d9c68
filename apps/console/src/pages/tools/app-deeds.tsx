import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../../parts/button.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { say, sayFault, sayUndo } from '../../parts/toast.tsx'
import { useWrite } from '../../platform/operations.ts'
import { tools as words } from '../../text/tools.ts'
import type { App } from './app-state.tsx'

/** What can be done to an app. */
export function AppDeeds({ app: { id, name, source, status, enabled } }: { readonly app: App }) {
  const navigate = useNavigate()
  const [asks, setAsks] = useState(false)
  const configure = useWrite('apps.configure')
  const restart = useWrite('apps.restart', ['apps.get', 'apps.list'])
  const remove = useWrite('apps.remove')
  const authorize = useWrite('apps.authorize')
  if (source === 'builtin') return null
  const turn = (on: boolean) => configure.mutateAsync({ id, enabled: on }).catch(sayFault)
  const toggle = async () => {
    if (await turn(!enabled)) sayUndo(enabled ? words.turnedOff(name) : words.turnedOn(name), () => void turn(enabled))
  }
  return (
    <>
      {status === 'needs_authorization' && (
        <Button
          kind="primary"
          busy={authorize.isPending || authorize.isSuccess}
          title={words.authorizeAbout}
          onClick={() => authorize.mutate({ id }, { onSuccess: ({ url }) => location.assign(url), onError: sayFault })}
        >
          {words.authorize}
        </Button>
      )}
      {source === 'mcp' && enabled && (
        <Button
          busy={restart.isPending}
          onClick={() =>
            restart.mutate({ id }, { onSuccess: (now) => void (now.status === 'ready' && say(words.restarted(name))), onError: sayFault })
          }
        >
          {words.restart}
        </Button>
      )}
      <Button busy={configure.isPending} onClick={() => void toggle()}>
        {enabled ? words.turnOff : words.turnOn}
      </Button>
      {source === 'mcp' && (
        <Button kind="danger" onClick={() => setAsks(true)}>
          {words.remove}
        </Button>
      )}
      <Confirm
        open={asks}
        title={words.removeTitle(name)}
        why={words.removeWhy}
        deed={words.remove}
        busy={remove.isPending}
        onClose={() => setAsks(false)}
        onConfirm={() =>
          remove.mutate(
            { id },
            {
              onSuccess() {
                say(words.removed(name))
                void navigate({ to: '/tools' })
              },
              onError: sayFault,
            },
          )
        }
      />
    </>
  )
}
