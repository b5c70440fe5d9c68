/**
 * Has the browser keep the console, so that it opens when the daemon is away (worker/service-worker.ts). Where a browser cannot, such as over plain HTTP from another
 * machine, or may not, the console does without.
 */
export async function keepShell(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  await navigator.serviceWorker.register('/app/sw.js', { scope: '/app/' }).catch(() => undefined)
}
