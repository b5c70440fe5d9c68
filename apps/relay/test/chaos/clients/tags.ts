import type { Field } from '../field.ts'
import type { Ledger } from '../ledger.ts'

interface Made {
  readonly session: { readonly id: string }
}
/** Creates sessions by tag, at two places at once, writes to them and deletes them again. */
export async function comeAndGo(field: Field, ledger: Ledger, name: string): Promise<void> {
  const { tally, chance } = field
  for (let at = 0; !field.isOver(); at++) {
    const asked = { tag: `${name}.${at}`, metadata: `of ${name}.${at}` }
    const made = await Promise.all([field.ask<Made>('POST', '/v1/sessions', asked), field.ask<Made>('POST', '/v1/sessions', asked)])
    const [one, two] = made.map(({ body }) => body.session?.id)
    if (one === undefined || one !== two) tally.broken(`One tag gave two sessions: ${one} and ${two}.`)
    const messages = [{ content: 'soon gone', localId: 'a' }]
    const sent = await field.ask('POST', `/v3/sessions/${one}/messages`, { messages })
    if (sent.status !== 200) tally.broken(`A session that was made was answered ${sent.status}.`)
    tally.count('sessions made')
    tally.acknowledged()
    if (chance.int(0, 4) > 0) {
      const { status, tries } = await field.ask('DELETE', `/v1/sessions/${one}`)
      if (status !== 200 && tries === 1) tally.broken(`A session that was made could not be deleted: ${status}.`)
      ledger.deleted.push(one ?? '')
      tally.count('sessions deleted')
    }
    await field.pause(1_500)
  }
}
