import { Worker } from 'node:worker_threads'

/** SQLite's own check of a database file, in a thread of its own: `ok`, or what is wrong. */
export async function checkDatabase(path: string): Promise<string> {
  const worker = new Worker(new URL('./check-worker.ts', import.meta.url), { workerData: path })
  try {
    return await new Promise<string>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', () => reject(new Error('The check of the database ended without a verdict.')))
    })
  } finally {
    await worker.terminate()
  }
}
