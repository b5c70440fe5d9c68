import type { FromDaemon } from './supervisor/messages.ts'

/** `none`: started in the foreground, or by a service manager. `lost`: there was a supervisor, and it has ended. */
export type SupervisorKind = 'present' | 'lost' | 'none'

/** The process that has started this one: a supervisor that watches over it, or a command that waits until it is ready. */
export interface Starter {
  supervisor(): SupervisorKind
  /** Resolves when it is on its way; does nothing where nobody listens. One that does not watch hears only how the start went. */
  tell(message: FromDaemon): Promise<void>
  /** A starter that does not watch is let go. */
  release(): void
}
/** Speaks with the starter over the process channel, where there is one. A supervisor's beats are answered with `well()`; `lost` is called when it has ended. */
export function createStarter(options: { readonly supervised: boolean; well(): Promise<boolean>; lost(): void }): Starter {
  const { supervised, well, lost } = options
  let supervisor: SupervisorKind = supervised && process.connected ? 'present' : supervised ? 'lost' : 'none'
  const tell: Starter['tell'] = (message) =>
    new Promise((resolve) => {
      const heard = supervised || message.type === 'ready' || message.type === 'failed'
      if (heard && process.send && process.connected) process.send(message, () => resolve())
      else resolve()
    })
  if (supervisor === 'present') {
    process.on('message', () => {
      well().then(
        (answer) => tell({ type: 'beat', well: answer }),
        () => tell({ type: 'beat', well: false }),
      )
    })
    process.once('disconnect', () => {
      supervisor = 'lost'
      lost()
    })
  }
  return {
    supervisor: () => supervisor,
    tell,
    release() {
      if (!supervised && process.connected) process.disconnect()
    },
  }
}
