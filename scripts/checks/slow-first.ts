import path from 'node:path'
import { BaseSequencer } from 'vitest/node'

/**
 * Test files that take longest, the longest first. They are begun before all others, so that no core is left with one of them while the
 * others have nothing more to do. What a run has remembered is not enough: a clean clone remembers nothing.
 */
export const slow = [
  'apps/relay/test/chaos.test.ts',
  'test/docs-code.test.ts',
  'apps/daemon/test/doors/doors-agree.test.ts',
  'test/docs-use.test.ts',
  'apps/daemon/test/security/agent-corpora.test.ts',
  'apps/cli/test/operations.test.ts',
  'apps/daemon/test/stories/many-clients.test.ts',
  'apps/daemon/test/stories/mcp-conformance.test.ts',
  'apps/cli/test/supervisor.test.ts',
  'apps/daemon/test/faults/supervisor.test.ts',
  'apps/daemon/test/faults/kill.test.ts',
  'apps/daemon/test/stories/log.test.ts',
  'apps/relay/test/fuzz/http.test.ts',
  'apps/relay/test/fuzz/frames.test.ts',
  'apps/relay/test/weaknesses/real-time.test.ts',
  'apps/cli/test/mcp.test.ts',
]
/** The same files with the slow ones in front, by their paths from the repository's root. */
export function slowFirst<T>(files: readonly T[], pathOf: (file: T) => string): T[] {
  const place = (file: T) => {
    const at = slow.indexOf(pathOf(file))
    return at < 0 ? slow.length : at
  }
  return files.toSorted((one, other) => place(one) - place(other))
}
/** The runner's own order, but for the slow files. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: Parameters<BaseSequencer['sort']>[0]): ReturnType<BaseSequencer['sort']> {
    const { root } = this.ctx.config
    // oxlint-disable-next-line unicorn/no-array-sort -- the runner's own, which is no array's
    const usual = await super.sort(files)
    return slowFirst(usual, ({ moduleId }) => path.relative(root, moduleId).replaceAll(path.sep, '/'))
  }
}
