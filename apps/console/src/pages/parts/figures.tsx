import { useState } from 'react'
import { Chart } from '../../parts/chart.tsx'
import { count, money } from '../../parts/format.ts'
import { Graph } from '../../parts/graph.tsx'
import { Meter } from '../../parts/meter.tsx'
import { Section } from '../../parts/page.tsx'
import { gallery as words } from '../../text/gallery.ts'
import { costs, days, runs, stepLinks, steps } from './samples.ts'

/** Figures and what leads to what. */
export function Figures() {
  const [selected, setSelected] = useState<string>()
  return (
    <>
      <Section id="meters" title={words.meters}>
        <div className="grid gap-4 sm:grid-cols-3">
          <Meter label="Context" value={12_400} max={200_000} format={count} />
          <Meter label="Budget of the day" value={4.2} max={5} format={money} />
          <Meter label="Calls" value={120} max={100} />
        </div>
      </Section>
      <Section id="charts" title={words.charts}>
        <div className="grid gap-6 lg:grid-cols-2">
          <Chart label="Cost by day" kind="bars" x={days} series={costs} format={money} />
          <Chart label="Runs by day" kind="line" x={days} series={runs} />
          <Chart label="Nothing yet" kind="bars" x={[]} series={[]} />
        </div>
      </Section>
      <Section id="graphs" title={words.graphs}>
        <Graph label="Steps of the weekly report" nodes={steps} edges={stepLinks} selected={selected} onSelect={setSelected} />
      </Section>
    </>
  )
}
