import type { InputOf } from '../../platform/daemon.ts'

export const statuses = ['queued', 'running', 'waiting', 'completed', 'failed', 'denied', 'cancelled', 'interrupted'] as const
/** The filters as the address has them. */
export const names = ['status', 'tool', 'app', 'workflow', 'caller', 'since', 'until'] as const
export type Filters = Readonly<Partial<Record<(typeof names)[number], string>>>

/** The filters that an address holds; what is empty is none. */
export const filtersOf = (search: Readonly<Record<string, string>>): Filters =>
  Object.fromEntries(names.flatMap((name) => (search[name] ? [[name, search[name]]] : [])))
const instantOf = (text: string | undefined): string | undefined => {
  const time = text === undefined ? NaN : Date.parse(text)
  return Number.isNaN(time) ? undefined : new Date(time).toISOString()
}
/** The filters as the daemon takes them. What an address holds that is none (a status that there is not, a time that is none) is left out. */
export function queryOf({ status, tool, app, workflow, caller, since, until }: Filters): Omit<InputOf<'history.export'>, 'planId'> {
  const known = statuses.find((one) => one === status)
  const [from, to] = [instantOf(since), instantOf(until)]
  return {
    ...(known === undefined ? {} : { status: known }),
    ...(tool !== undefined && /^[a-z][a-z0-9-]{0,39}\.[A-Za-z0-9][A-Za-z0-9_-]{0,79}$/.test(tool) ? { toolId: tool } : {}),
    ...(app !== undefined && /^[a-z][a-z0-9-]{0,39}$/.test(app) ? { appId: app } : {}),
    ...(workflow !== undefined && /^wfl_[0-9a-z]{1,64}$/.test(workflow) ? { workflowId: workflow } : {}),
    ...(caller === undefined ? {} : { caller: caller.slice(0, 100) }),
    ...(from === undefined ? {} : { since: from }),
    ...(to === undefined ? {} : { until: to }),
  }
}
/** Where the same executions are downloaded. */
export function exportAddress(filters: Filters): string {
  const query = new URLSearchParams(queryOf(filters) as Record<string, string>).toString()
  return `/v1/history/export${query === '' ? '' : `?${query}`}`
}
/** A time as a field of the device shows it: local, to the minute. */
export function localTime(text: string | undefined): string {
  const iso = instantOf(text)
  if (iso === undefined) return ''
  const at = new Date(iso)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
