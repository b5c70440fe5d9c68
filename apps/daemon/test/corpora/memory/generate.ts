import { topics } from './topics.ts'

export interface CorpusNote {
  readonly id: string
  readonly text: string
  readonly tags: readonly string[]
  readonly at: string
}
export interface CorpusQuery {
  readonly query: string
  /** Note id to grade, 1 to 3; all others are 0. */
  readonly grades: Readonly<Record<string, number>>
}
const size = 2_000
const people = 'Ana Jonas Priya Miriam Henrik Tomasz Leila Noor Beatrix Clara Paul Yuki Omar Greta Luis'.split(' ')
const days = 'Monday Tuesday Wednesday Thursday Friday'.split(' ')
const results = [
  'nothing was decided',
  'it was put off to the next week',
  'everyone agreed to look at it again',
  'a list was written and shared',
  'the open points were handed to the owners',
  'we ran out of time',
]
const things = (
  'the coffee machine,the meeting room,the printer on the second floor,the new chairs,the plants,the summer party,the newsletter,the onboarding,' +
  'the wiki,the roadmap,the stand-up,the retrospective,the calendar,the support inbox,the partner portal'
).split(',')
/** Notes that speak of a subject by its words and answer nothing. `a` and `b` are subjects, `p` and `q` people. */
const forms: readonly ((at: { a: string; b: string; p: string; q: string; day: string; thing: string; result: string }) => string)[] = [
  ({ a, p, day, result }) => `Talked with ${p} about ${a} on ${day}; ${result}.`,
  ({ a, b, p, q }) => `${p} asked ${q} what is new with ${a} and with ${b}, and how it is going for the team.`,
  ({ thing, p, day }) => `${p} takes care of ${thing} from ${day} on.`,
  ({ a, thing, day }) => `Agenda for ${day}: ${thing}, then ${a}, then what is left of the last time.`,
  ({ thing, result, p }) => `In the meeting about ${thing} ${result}. ${p} writes the minutes of the meeting.`,
  ({ a, p }) => `${p} would like to know more about ${a}; what do we do, how do we do it, and who is the one to ask?`,
  ({ thing, p, q }) => `${p} and ${q} do not agree about ${thing}.`,
  ({ a, b, day }) => `To be read until ${day}: the pages about ${a}, the pages about ${b}.`,
  ({ thing, day }) => `On ${day} ${thing} will be cleaned up.`,
  ({ a, thing, result }) => `${a[0]?.toUpperCase()}${a.slice(1)} came up beside ${thing}, but ${result}.`,
]
/** The same numbers at every run (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below
  }
}
/** Words of the queries. A made note takes them singly, so that it shares a word or two with a query and is yet not about the same thing. */
const wordsIn = (query: string): string[] =>
  query.split(' ').filter((word) => word.length > 3 && !/^(what|which|when|where|does|this|that|have|long|often|used)$/.test(word))
const numbered = (n: number) => `mem_n${String(n).padStart(4, '0')}`

/** The corpus of the relevance test: 2,000 notes around the hand-written ones, the same at every run, and the graded queries. */
export function generateCorpus(): { notes: CorpusNote[]; queries: CorpusQuery[] } {
  const next = numbers(7)
  const one = <T>(list: readonly T[]): T => list[Math.floor(next(list.length))] as T
  const graded = topics.flatMap(({ answers, helps, touches }, topic) =>
    [answers, helps, touches].flatMap((texts, level) => texts.map((text) => ({ text, topic, grade: 3 - level }))),
  )
  const subjects = [...new Set(topics.flatMap(({ query }) => wordsIn(query)))]
  const texts = new Set(graded.map(({ text }) => text))
  while (texts.size < size) {
    const at = { a: one(subjects), b: one(subjects), p: one(people), q: one(people), day: one(days), thing: one(things), result: one(results) }
    texts.add(one(forms)(at))
  }
  const shuffled = [...texts].map((text) => ({ text, place: next(1) })).toSorted((a, b) => a.place - b.place)
  const notes = shuffled.map(({ text }, n) => ({
    id: numbered(n),
    text,
    tags: next(1) < 0.1 ? [one(people).toLowerCase()] : [],
    at: new Date(Date.UTC(2025, 0, 1) + Math.floor(next(500)) * 86_400_000).toISOString(),
  }))
  const idOf = new Map(notes.map(({ id, text }) => [text, id]))
  const queries = topics.map(({ query }, topic) => ({
    query,
    grades: Object.fromEntries(graded.filter((note) => note.topic === topic).map(({ text, grade }) => [idOf.get(text) ?? '', grade])),
  }))
  return { notes, queries }
}
/** A line of JSON for each. */
export const toLines = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('')
