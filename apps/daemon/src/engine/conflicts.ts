import type { PreparedCall } from './types.ts'

type Touching = Pick<PreparedCall, 'access' | 'targets'>

/**
 * True when the later of two calls must wait for the earlier: both write (writes keep their order, whatever they touch), or one writes what the other
 * reads. Two reads never conflict.
 */
export function conflict(a: Touching, b: Touching): boolean {
  if (a.access === 'read' && b.access === 'read') return false
  if (a.access === 'write' && b.access === 'write') return true
  return a.targets.some((one) => b.targets.some((other) => overlap(one, other)))
}

/** Equal or containing paths overlap; a command may touch every path and every command; hosts never overlap. */
export function overlap(a: string, b: string): boolean {
  const [one, other] = [parse(a), parse(b)]
  if (one.kind === 'host' || other.kind === 'host') return false
  if (one.kind === 'command' || other.kind === 'command') return isShared(one.kind) && isShared(other.kind)
  if (one.kind === 'path' && other.kind === 'path') return contains(one.rest, other.rest) || contains(other.rest, one.rest)
  return a === b
}

const isShared = (kind: string): boolean => kind === 'command' || kind === 'path'

function parse(target: string): { kind: string; rest: string } {
  const colon = target.indexOf(':')
  return colon < 0 ? { kind: target, rest: '' } : { kind: target.slice(0, colon), rest: target.slice(colon + 1) }
}

function contains(folder: string, path: string): boolean {
  const outer = folder.replaceAll('\\', '/').replace(/\/+$/, '')
  const inner = path.replaceAll('\\', '/').replace(/\/+$/, '')
  return inner === outer || inner.startsWith(`${outer}/`)
}
