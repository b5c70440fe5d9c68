const address = '/app/sw.js'
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (given: string) => string }): { createScriptURL(given: string): string }
}
/**
 * Has the browser keep the console, so that it opens when the daemon is away (worker/service-worker.ts). Where a browser cannot, such as over plain HTTP from another
 * machine, or may not, the console does without.
 */
export async function keepShell(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  // The policy of the page lets an address become script here alone, and only this one.
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes }
  const policy = trustedTypes?.createPolicy('steward', { createScriptURL: () => address })
  await navigator.serviceWorker.register(policy?.createScriptURL('') ?? address, { scope: '/app/' }).catch(() => undefined)
}
