/**
 * Keeps the console of one build, so that it opens, and says what is the matter, when the daemon is away. A page comes from the daemon whenever the daemon answers, and
 * parts carry the hash of what they hold: nothing outdated is ever shown. What the daemon says (`/v1`) is never kept.
 */
declare const self: ServiceWorkerGlobalScope
/** Said by the build: what it made, and a name for just that. */
declare const built: { readonly version: string; readonly files: readonly string[] }

const page = '/app/'
const kept = `console-${built.version}`

async function keep(): Promise<void> {
  const cache = await caches.open(kept)
  await cache.addAll(built.files.map((file) => new Request(file, { cache: file.startsWith('/app/assets/') ? 'default' : 'no-cache' })))
  await self.skipWaiting()
}
async function takeOver(): Promise<void> {
  await self.registration.navigationPreload.enable()
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name !== kept).map((name) => caches.delete(name)))
  await self.clients.claim()
}
async function fromDaemon(asked: Promise<Response | undefined>, request: Request, fallback: Request | string): Promise<Response> {
  try {
    return (await asked) ?? (await fetch(request))
  } catch (error) {
    const standIn = await caches.match(fallback, { ignoreVary: true })
    if (standIn) return standIn
    throw error
  }
}
self.addEventListener('install', (event) => event.waitUntil(keep()))
self.addEventListener('activate', (event) => event.waitUntil(takeOver()))
self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin || !pathname.startsWith(page)) return
  if (request.mode === 'navigate') event.respondWith(fromDaemon(event.preloadResponse as Promise<Response | undefined>, request, page))
  else if (pathname.startsWith('/app/assets/')) event.respondWith(caches.match(request, { ignoreVary: true }).then((part) => part ?? fetch(request)))
  else event.respondWith(fromDaemon(Promise.resolve(undefined), request, request))
})
