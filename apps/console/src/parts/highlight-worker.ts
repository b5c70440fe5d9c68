import { highlightLines } from './highlight.ts'

/** Highlights away from the page, which stays responsive however odd the code is. */
self.addEventListener('message', ({ data }: MessageEvent<{ readonly id: number; readonly code: string; readonly language: string }>) => {
  self.postMessage({ id: data.id, lines: highlightLines(data.code, data.language) }, {})
})
