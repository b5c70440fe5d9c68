interface Installed {
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  readonly hasInstallScript?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}
/** All that a workspace needs to run, by where it lies, as a package-lock (version 3) says: found the way Node finds it, from each package's own folder upwards. */
export function installedWith({ packages }: { readonly packages: Readonly<Record<string, Installed>> }, workspace: string): Map<string, Installed> {
  const found = new Map<string, Installed>()
  const visit = (place: string) => {
    const entry = packages[place]
    if (entry === undefined || found.has(place)) return
    found.set(place, entry)
    if (entry.link === true && entry.resolved !== undefined) return visit(entry.resolved)
    for (const name of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })) {
      for (let from = place; ; from = from.slice(0, Math.max(0, from.lastIndexOf('/')))) {
        const at = from === '' ? `node_modules/${name}` : `${from}/node_modules/${name}`
        if (packages[at] !== undefined) {
          visit(at)
          break
        }
        if (from === '') break
      }
    }
  }
  visit(workspace)
  return found
}
