import { Suspense, useEffect, useMemo, useState } from 'react'
import { late } from '../parts/late.ts'
import { copyText } from '../parts/clipboard.ts'
import { say, sayFault } from '../parts/toast.tsx'
import { useOpener } from '../parts/use-opener.ts'
import { chooseTheme } from '../platform/theme.ts'
import { useToNewSession } from '../sessions/new-session.ts'
import { palette as words } from '../text/palette.ts'
import { useKeys } from './keys.ts'
import type { Entry } from './palette/match.ts'

const loadPalette = () => import('./palette/palette.tsx')
const Palette = late(async () => (await loadPalette()).Palette)
const ShortcutMap = late(async () => (await import('./shortcut-map.tsx')).ShortcutMap)

/** What opens over any page, by a key or a press: what finds everything, and the map of keys. */
export function Overlays({ isFinding, onFinding }: { readonly isFinding: boolean; readonly onFinding: (isFinding: boolean) => void }) {
  const [wasFinding, setWasFinding] = useState(false)
  const [isMap, setMap] = useState<boolean>()
  const opener = useOpener(isFinding)
  const toNewSession = useToNewSession()
  useEffect(() => {
    if (isFinding) setWasFinding(true)
  }, [isFinding])
  useEffect(() => {
    // Its code is fetched while nothing else is to do, so that it opens at once. What cannot be fetched now is fetched when it is asked for.
    const timer = setTimeout(() => loadPalette().catch(() => undefined), 1_500)
    return () => clearTimeout(timer)
  }, [])
  useKeys({
    'mod+k': () => onFinding(!isFinding),
    'mod+n': () => toNewSession(),
    c: () => toNewSession(),
    '?': () => setMap(true),
  })
  const commands = useMemo(
    (): readonly Entry[] => [
      { id: 'new', kind: 'commands', label: words.commands.new, note: 'C', run: () => toNewSession() },
      { id: 'keys', kind: 'commands', label: words.commands.keys, note: '?', run: () => setMap(true) },
      {
        id: 'copy',
        kind: 'commands',
        label: words.commands.copy,
        run: () => void copyText(location.href).then(() => say(words.linkCopied), sayFault),
      },
      ...(['light', 'dark', 'system'] as const).map((theme): Entry => ({
        id: theme,
        kind: 'commands',
        label: words.commands[theme],
        run: () => chooseTheme(theme),
      })),
    ],
    [toNewSession],
  )
  return (
    <Suspense>
      {(isFinding || wasFinding) && <Palette open={isFinding} opener={opener} onClose={() => onFinding(false)} commands={commands} />}
      {isMap !== undefined && <ShortcutMap open={isMap} onClose={() => setMap(false)} />}
    </Suspense>
  )
}
