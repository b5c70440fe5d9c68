/** What has been opened, to be closed in the other order: when opening fails half-way, and at the end. */
export function createOpened() {
  const closings: (() => Promise<unknown> | unknown)[] = []
  return {
    opened(close: () => Promise<unknown> | unknown): void {
      closings.push(close)
    },
    /** Closes all; what fails to close keeps nothing else from it, and is told. */
    async close(report: (error: unknown) => void): Promise<void> {
      for (const close of closings.splice(0).toReversed())
        try {
          await close()
        } catch (error) {
          report(error)
        }
    },
  }
}
