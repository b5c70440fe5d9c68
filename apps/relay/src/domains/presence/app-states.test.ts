import { expect, test } from 'vitest'
import type { Connection } from '../../connection.ts'
import { createLocalDirectory } from '../../platform/directory-local.ts'
import { createAppStates } from './app-states.ts'

const socket = (id: string, scope: Connection['scope'] = 'user-scoped', appState?: string) =>
  ({ id, scope, holder: { accountId: 'a' }, socket: { handshake: { auth: { appState } } } }) as unknown as Connection

test('an account has somebody at the app while one of its phones, on any node, says so', async () => {
  const directory = createLocalDirectory()
  const [one, two] = ['1', '2'].map((node) => createAppStates({ node, directory, nodes: () => ['1', '2'] })) as [
    ReturnType<typeof createAppStates>,
    ReturnType<typeof createAppStates>,
  ]
  const active = () => Promise.all([one.isActive('a'), two.isActive('a'), two.isActive('b')])
  const says = (at: typeof one, connection: Connection, state: string) => at.event.handle(connection, { state })
  one.guest(socket('phone'))
  expect(await active()).toEqual([false, false, false])
  await says(one, socket('daemon', 'machine-scoped'), 'active')
  expect(await active()).toEqual([false, false, false])
  await says(one, socket('phone'), 'active')
  await says(one, socket('tablet'), 'active')
  expect(await active()).toEqual([true, true, false])
  await says(one, socket('phone'), 'background')
  expect(await active()).toEqual([true, true, false])
  const leave = two.guest(socket('web', 'user-scoped', 'active'))
  await says(one, socket('tablet'), 'background')
  expect(await active()).toEqual([true, true, false])
  leave()
  expect(await active()).toEqual([false, false, false])
})
