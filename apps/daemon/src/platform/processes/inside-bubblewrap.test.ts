import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { createProcesses } from './processes.ts'
import { makePlaces, modes } from './testing/places.ts'
import { never, shell, start } from './testing/start.ts'

describe.runIf(modes.includes('bubblewrap'))('inside bubblewrap', () => {
  test('the home is masked, also below a writable folder and after attempts to move or unmount it', async () => {
    await using at = await makePlaces()
    const home = path.join(at.work, 'deep', 'er', 'home')
    await mkdir(home, { recursive: true })
    await writeFile(path.join(home, 'token'), 'planted-secret')
    const processes = await createProcesses({ home, daemonId: 'd1', sandbox: 'required', allowEnv: [] })
    const tries = [
      `cat '${home}/token'`,
      `ls -A '${home}'`,
      `grep -r planted-secret '${at.work}' /tmp; cat /proc/[0-9]*/root'${home}/token' /proc/self/cwd/deep/er/home/token`,
      `umount '${home}'; umount -l '${home}'; mount -o remount,rw '${home}'; cat '${home}/token'`,
      `unshare -Urm sh -c "umount '${home}'; cat '${home}/token'"`,
      `mv '${at.work}/deep' '${at.work}/moved'; mv '${at.work}/deep/er' '${at.work}/er'; rm -rf '${at.work}/deep'`,
      `echo x > '${home}/token'; touch '${home}/new'`,
    ]
    for (const line of tries) {
      const { stdout, stderr } = await processes.run(shell(at, line, { timeoutMs: 5000 }), never)
      expect(stdout + stderr).not.toContain('planted-secret')
    }
    expect(await readFile(path.join(home, 'token'), 'utf8')).toBe('planted-secret')
    await processes.close()
  })

  test('writes outside of the writable folders fail, inside they work, and the temporary folder is private', async () => {
    await using at = await makePlaces()
    await using processes = await start(at, 'bubblewrap')
    const write = async (place: string): Promise<boolean> => (await processes.run(shell(at, `echo x > '${place}'`), never)).exitCode === 0
    expect(await write(`${at.work}/file`)).toBe(true)
    expect(await readFile(`${at.work}/file`, 'utf8')).toBe('x\n')
    for (const place of [`${at.other}/file`, '/etc/steward-test', '/usr/steward-test']) expect([place, await write(place)]).toEqual([place, false])
    const controls = await processes.run(
      shell(at, 'for f in /proc/sys/kernel/hostname /proc/sys/kernel/core_pattern /sys/kernel/mm/ksm/run; do [ -w $f ] && echo $f; done'),
      never,
    )
    expect(controls.stdout).toBe('')
    const { stdout } = await processes.run(
      shell(at, 'echo $TMPDIR; echo x > /tmp/steward-private && ls -A /tmp | wc -l; ls /run | head -3; ps ax | wc -l', { writable: [] }),
      never,
    )
    expect(stdout).toMatch(/^\/tmp\n2\n/)
    await expect(readFile('/tmp/steward-private')).rejects.toThrow('ENOENT')
  })

  test('the network is off unless asked for', async () => {
    await using at = await makePlaces()
    await using processes = await start(at, 'bubblewrap')
    const server = createServer((socket) => socket.end('hello from outside')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const ask = `exec 5<>/dev/tcp/127.0.0.1/${port} && cat <&5`
    expect((await processes.run(shell(at, ask), never)).stdout).toBe('')
    expect((await processes.run(shell(at, ask, { network: true }), never)).stdout).toBe('hello from outside')
    server.close()
  })
})
