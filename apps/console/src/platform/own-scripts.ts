interface TrustedTypes {
  createPolicy(name: 'default', rules: { createScriptURL: (given: string) => string | null }): unknown
}
/**
 * The page demands trusted types: text becomes script or HTML nowhere. This lets the console's own files be workers, and nothing else. Once, before any of them begins.
 * Where a browser knows no trusted types, the rest of the policy (`script-src 'self'`) holds.
 */
export function allowOwnScripts(): void {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes }
  trustedTypes?.createPolicy('default', {
    createScriptURL(given) {
      const { origin, pathname } = new URL(given, location.href)
      return origin === location.origin && pathname.startsWith('/app/') ? given : null
    },
  })
}
