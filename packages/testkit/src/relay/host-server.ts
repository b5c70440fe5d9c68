import type { Running } from './processes.ts'

export interface HostServer extends AsyncDisposable {
  /** Freezes all its processes: connections stay open and nothing is answered. */
  pause(): Promise<void>
  /** Ends a pause. */
  resume(): void
  /** Crashes it (paused or not, running or killed) and starts it again on its port; resolves when it answers. */
  restart(): Promise<void>
  /** SIGKILL to all its processes. It stays down until `restart`. */
  kill(): Promise<void>
  /** Ends it and removes its folder. Does nothing the second time. */
  stop(): Promise<void>
}
interface Life {
  /** Resolves with the program when it answers; throws, with nothing left running, when it does not come to that. */
  start(): Promise<Running>
  /** What makes the program end at once, as in a crash. */
  crash: NodeJS.Signals
  /** After the end. */
  remove(): Promise<void>
}

/** Starts a server and gives the handles that tests of outages need. Throws what `start` throws, after `remove`. */
export async function hostServer({ start, crash, remove }: Life): Promise<HostServer> {
  let stopped = false
  let running: Running
  try {
    running = await start()
  } catch (error) {
    await remove()
    throw error
  }
  const end = async (): Promise<void> => {
    if (!running.alive()) return
    running.signal(crash)
    running.resume()
    await running.ended
  }
  const stop = async (): Promise<void> => {
    if (stopped) return
    stopped = true
    await end()
    await remove()
  }
  return {
    pause: () => running.pause(),
    resume: () => running.resume(),
    async restart() {
      await end()
      running = await start()
    },
    kill: () => running.kill(),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
