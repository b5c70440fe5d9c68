import { money } from '../../../parts/format.ts'
import { inspector as text } from '../../../text/inspector.ts'

const [width, height] = [240, 32]

/** What each of the last steps has cost, as bars; the newest at the right. `costs` in US dollars. */
export function Spark({ costs }: { readonly costs: readonly number[] }) {
  const most = Math.max(...costs)
  const step = Math.min(width / costs.length, 12)
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={text.stepsSaid(costs.length, money(most))}
      preserveAspectRatio="xMinYMax meet"
      className="h-8 w-full text-accent"
    >
      {costs.map((cost, index) => {
        const tall = most > 0 ? Math.max(1, (cost / most) * height) : 1
        return (
          <rect key={index} x={index * step} y={height - tall} width={Math.max(1, step - 1)} height={tall} fill="currentColor">
            <title>{money(cost)}</title>
          </rect>
        )
      })}
    </svg>
  )
}
