import type { Inner, Word } from './shell-reading.ts'

const address = String.raw`(?:\d+|\$|/(?:[^/\\\n]|\\.)*/)`
const step = String.raw`(?:${address}(?:\s*,\s*(?:\+?\d+|\$|/(?:[^/\\\n]|\\.)*/))?)?\s*!?\s*(?:[pdqQ=]|s([/|#,:@])(?:(?!\1)[^\\\n]|\\.)*\1(?:(?!\1)[^\\\n]|\\.)*\1[gpiI\d]*)?`
const oneStep = new RegExp(`^\\s*${step}\\s*$`, 's')

/** True when a sed script only prints, deletes, quits or substitutes: no e, w, r or W, which run programs and touch files. */
const tameSed = (script: string): boolean =>
  script.length < 2000 && (oneStep.test(script) || script.split(/[;\n]/).every((part) => oneStep.test(part)))

/** The scripts among sed's words; null where one lies in a file or is not known. */
export function sedScripts(args: readonly Word[]): readonly string[] | null {
  const scripts: string[] = []
  let operands = 0
  for (let at = 0; at < args.length; at++) {
    const word = args[at]
    if (!word || word.open) return null
    const text = word.value
    if (text === '--') continue
    if (/^(?:-[nErsuzi]*e|--expression)$/.test(text)) {
      const script = args[++at]
      if (!script?.literal) return null
      scripts.push(script.value)
    } else if (text.startsWith('--expression=')) scripts.push(text.slice(13))
    else if (/^(?:-[nErsuz]+|-i.*|--(?:quiet|silent|regexp-extended|null-data|separate|unbuffered|sandbox|posix)|--in-place(?:=.*)?)$/.test(text))
      continue
    else if (text.startsWith('-')) return null
    else if (scripts.length === 0 && operands++ === 0) {
      if (!word.literal) return null
      scripts.push(text)
    }
  }
  return scripts
}

/** sed's e command and its s///e run programs, w writes files: any script beyond the plain ones is not read. */
export function readSed(args: readonly Word[]): Inner {
  const scripts = sedScripts(args)
  return scripts?.every(tameSed) ? {} : { opaque: 'its script may run programs or write files' }
}

/** awk runs programs by system(), by pipes and by getline, and writes files by `>`: a program with any of these is not read. */
export function readAwk(args: readonly Word[]): Inner {
  const risky = args.some(
    (word) =>
      word.open || !word.literal || /system|getline|[|>@`]|^-[a-zA-Z]*[fEiol]|^--(?!re-interval|posix|traditional|csv|version)/.test(word.value),
  )
  return risky ? { opaque: 'its program may run other programs or write files' } : {}
}
