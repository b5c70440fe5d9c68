import { isSameHolder, type Directory, type Holder } from './directory.ts'

/** The directory of a relay that is one node. */
export function createLocalDirectory(): Directory {
  const holders = new Map<string, Holder>()
  return {
    async claim(key, holder) {
      const before = holders.get(key)
      holders.set(key, holder)
      return before && !isSameHolder(before, holder) ? before : undefined
    },
    async release(key, holder) {
      const known = holders.get(key)
      if (known && isSameHolder(known, holder)) holders.delete(key)
    },
    find: async (key) => holders.get(key),
    findMany: async (keys) => keys.map((key) => holders.get(key)),
    close: async () => holders.clear(),
  }
}
