import { Worker } from 'node:worker_threads'

/** Checkpoints of one database in a worker thread that lives only as long as one takes, so that the syncs in it never stall the event loop. */
export function createCheckpointer(file: string) {
  let under: Promise<void> | undefined
  const run = () =>
    new Promise<void>((resolve) => {
      const worker = new Worker(new URL('./checkpoint-worker.ts', import.meta.url), { workerData: { file } })
      // A checkpoint that fails is no loss: the WAL stays and the next round tries again.
      worker.once('error', () => resolve())
      worker.once('exit', () => resolve())
    })
  return {
    /** Begins a checkpoint unless one is under way. */
    request() {
      under ??= run().finally(() => (under = undefined))
    },
    async close() {
      await under
    },
  }
}
