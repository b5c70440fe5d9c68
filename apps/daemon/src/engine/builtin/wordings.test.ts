import { expect, test } from 'vitest'
import type { Json } from '../types.ts'
import { plannerTool } from './eval/tools.ts'
import { plan } from './plan.ts'
import type { PlannerTool } from './types.ts'

type Inputs = { [name: string]: Json }
const tool = (id: string, risk: PlannerTool['risk'], description: string, inputs: Inputs, required: string[], ...examples: string[]): PlannerTool =>
  plannerTool(id, risk, description, inputs, required, examples)
const text = (more: Inputs = {}): Json => ({ type: 'string', ...more })
const TOOLS: readonly PlannerTool[] = [
  tool(
    'radio.play',
    'write',
    'Plays a station.',
    { uri: text({ 'x-steward-values': { jazz: 'radio:1', 'deep jazz': 'radio:2', rock: 'radio:3', 'hard rock': 'radio:3' } }) },
    ['uri'],
    'play the jazz station',
  ),
  tool('radio.next', 'write', 'Skips to the next song.', {}, [], 'next song'),
  tool(
    'speech.say',
    'write',
    'Says a text aloud.',
    { words: text({ description: 'What to say' }), tongue: text({ 'x-steward-values': { german: 'de', french: 'fr' } }) },
    ['words', 'tongue'],
    "say 'hello' in French",
  ),
  tool(
    'lamp.switch',
    'write',
    'Turns the lamp of a room on or off.',
    { room: text(), state: { enum: ['on', 'off'] } },
    ['room', 'state'],
    'turn on the bedroom lamp',
    'turn the lamp in the bedroom off',
  ),
  tool('lamp.forget', 'destructive', 'Forgets a lamp.', { room: text() }, ['room'], 'forget the lamp in the hall'),
  tool('memo.create', 'write', 'Writes a memo.', { text: text() }, ['text'], 'memo that the bus leaves at nine', "make a memo 'call Ann'"),
  tool('memo.delete', 'destructive', 'Deletes a memo.', { title: text() }, ['title'], "delete the memo 'x'"),
  tool('chat.post', 'write', 'Posts a message to a channel.', { channel: text(), text: text() }, ['channel', 'text'], "post 'hi' to #all"),
  tool('market.price', 'network', 'Tells the price of a share.', { symbol: text({ pattern: '^[A-Z]{1,6}$' }) }, ['symbol'], 'price of MSFT'),
  tool(
    'diary.add',
    'write',
    'Puts an entry into the diary.',
    { title: text(), date: text({ format: 'date' }), time: text({ description: 'HH:MM' }) },
    ['title', 'date'],
    "add 'Gym' to the diary tomorrow at 14:00",
  ),
  tool(
    'ledger.total',
    'read',
    'Tells the total of a month.',
    { month: text({ description: 'YYYY-MM' }) },
    ['month'],
    'how much did we spend in 2025-11',
  ),
  tool('egg.start', 'write', 'Starts an egg timer.', { minutes: { type: 'number' } }, ['minutes'], 'start an egg timer for 4 minutes'),
  tool('sky.now', 'network', 'Tells the weather in a city now.', { city: text() }, ['city'], 'weather in Rome', 'is it raining in Bern'),
]
const planned = (said: string) => plan({ text: said, tools: TOOLS, now: Date.parse('2026-01-05T12:00:00Z') })
const steps = (said: string) => planned(said).steps.map((step) => [step.toolId, step.inputs])

test.each([
  ['play some jazz', 'radio:1'],
  ['play the deep jazz station', 'radio:2'],
  ['play "Jazz"', 'radio:1'],
  ['play hard rock', 'radio:3'],
  ['play the rock station', 'radio:3'],
])('a word that stands for a value gives the value: %s', (said, uri) => {
  expect(steps(said)).toEqual([['radio.play', { uri }]])
})
test.each(['play some polka', 'play the jazz and rock station', "say 'hello' in Klingon"])(
  'a word that stands for none, or two that stand for different ones, are asked about: %s',
  (said) => {
    expect(planned(said)).toMatchObject({ steps: [], clarification: expect.stringMatching(/./) })
  },
)
test.each<[string, string, Inputs]>([
  ["say 'guten Tag' in German", 'speech.say', { words: 'guten Tag', tongue: 'de' }],
  ['next song please', 'radio.next', {}],
  ['kitchen lamp off', 'lamp.switch', { room: 'kitchen', state: 'off' }],
  ['lamp on in the living room', 'lamp.switch', { room: 'living room', state: 'on' }],
  ['memo to self: the code is 12', 'memo.create', { text: 'the code is 12' }],
  ['memo that the cat, and not the dog, was fed', 'memo.create', { text: 'the cat, and not the dog, was fed' }],
  ["get rid of the memo 'x'", 'memo.delete', { title: 'x' }],
  ["tell #all-hands 'we won'", 'chat.post', { channel: '#all-hands', text: 'we won' }],
  ['what does NVDA cost?', 'market.price', { symbol: 'NVDA' }],
  ["add 'Dentist' to the diary on friday at 9:30", 'diary.add', { title: 'Dentist', date: '2026-01-09', time: '09:30' }],
  ["put 'Vet' into the diary at 8:00 tomorrow", 'diary.add', { title: 'Vet', date: '2026-01-06', time: '08:00' }],
  ['how much did I spend in 2026-01?', 'ledger.total', { month: '2026-01' }],
  ['I need an egg timer for half an hour', 'egg.start', { minutes: 30 }],
  ["what's the weather like in Porto right now?", 'sky.now', { city: 'Porto' }],
  ['@sky Porto', 'sky.now', { city: 'Porto' }],
])('%s', (said, id, inputs) => {
  expect(steps(said)).toEqual([[id, inputs]])
})
test.each([
  'forget',
  'it is dark, the lamp is off',
  'how do I turn on the lamp in the hall?',
  'turn on the lamp in the hall with zest',
  'the lamp in the hall',
  'memo',
  'who forgot the match yesterday?',
])('is not acted on: %s', (said) => {
  expect(planned(said)).toMatchObject({ steps: [], clarification: expect.stringMatching(/./) })
})
test('a remark before a wish is no wish', () => {
  expect(steps("it's dark, turn on the lamp in the hall")).toEqual([['lamp.switch', { room: 'hall', state: 'on' }]])
})
test('a tool’s own verb opens a wish of its own', () => {
  const lock = tool('door.lock', 'write', 'Locks a door.', { door: { enum: ['front', 'back'] } }, ['door'], 'lock the front door')
  const made = plan({ text: 'turn off the lamp in the kitchen and lock the back door', tools: [...TOOLS, lock] })
  expect(made.steps.map((step) => [step.toolId, step.inputs])).toEqual([
    ['lamp.switch', { room: 'kitchen', state: 'off' }],
    ['door.lock', { door: 'back' }],
  ])
})
