interface Out {
  write(text: string): unknown
  readonly isTTY?: boolean
}
const afterMs = 400
const beatMs = 250

/** Shows at a terminal that work goes on, from 0.4 s on, on one line that is wiped at the end. Elsewhere it writes nothing. */
export async function withProgress<T>(out: Out, what: string, work: () => Promise<T>): Promise<T> {
  if (out.isTTY !== true) return work()
  const began = performance.now()
  const show = () => {
    const passed = performance.now() - began
    if (passed >= afterMs) out.write(`\r\u001b[K${what} … ${(passed / 1000).toFixed(0)} s`)
  }
  const timer = setInterval(show, beatMs)
  try {
    return await work()
  } finally {
    clearInterval(timer)
    if (performance.now() - began >= afterMs) out.write('\r\u001b[K')
  }
}
