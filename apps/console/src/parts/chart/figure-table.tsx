import type { Series } from './series.ts'

export interface FigureTableProps {
  readonly label: string
  readonly x: readonly string[]
  readonly series: readonly Series[]
  readonly format: (value: number) => string
}
/** The figures of a chart. */
export function FigureTable({ label, x, series, format }: FigureTableProps) {
  return (
    <div className="max-h-80 overflow-auto" tabIndex={0} role="group" aria-label={label}>
      <table className="w-full border-collapse text-left">
        <thead>
          <tr className="h-8 border-b text-xs text-muted">
            <td />
            {series.map((one) => (
              <th key={one.label} scope="col" className="px-2 text-right font-normal">
                {one.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {x.map((name, index) => (
            <tr key={name} className="h-8 border-b">
              <th scope="row" className="px-2 font-normal whitespace-nowrap">
                {name}
              </th>
              {series.map((one) => (
                <td key={one.label} className="px-2 text-right whitespace-nowrap">
                  {typeof one.values[index] === 'number' ? format(one.values[index]) : '—'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
