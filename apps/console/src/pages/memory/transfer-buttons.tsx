import { Download, Upload } from 'lucide-react'
import { useRef } from 'react'
import { Button } from '../../parts/button.tsx'
import { say, sayFault } from '../../parts/toast.tsx'
import { upload } from '../../platform/daemon.ts'
import { memory as words } from '../../text/memory.ts'

export interface TransferProps {
  /** What is exported: the scope, kind and tag that are looked at. */
  readonly filter: Readonly<Record<string, string | boolean>>
}
/** The memory as a Markdown file, out and in. */
export function TransferButtons({ filter }: TransferProps) {
  const picker = useRef<HTMLInputElement>(null)
  const query = new URLSearchParams(Object.entries(filter).map(([name, value]) => [name, String(value)]))
  const take = async (file: File) => {
    const { added, merged } = await upload('memory.import', { name: file.name.slice(0, 200) }, file)
    say(words.imported(added, merged))
  }
  return (
    <>
      <Button
        onClick={() => {
          const link = document.createElement('a')
          link.href = `/v1/memory/markdown?${query.toString()}`
          link.download = 'memory.md'
          link.click()
        }}
      >
        <Download aria-hidden size={14} />
        {words.export}
      </Button>
      <Button onClick={() => picker.current?.click()}>
        <Upload aria-hidden size={14} />
        {words.import}
      </Button>
      <input
        ref={picker}
        type="file"
        accept=".md,.markdown,.txt,text/markdown,text/plain"
        aria-label={words.import}
        hidden
        onChange={(event) => {
          const [file] = event.target.files ?? []
          event.target.value = ''
          if (file) take(file).catch(sayFault)
        }}
      />
    </>
  )
}
