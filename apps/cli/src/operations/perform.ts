import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { once } from 'node:events'
import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import { homeAt } from '../home.ts'
import type { Io } from '../io.ts'
import { writeAnswer } from '../output/answer.ts'
import { bytes as sizeOf } from '../output/values.ts'
import { withProgress } from '../output/progress.ts'
import { reach } from '../reach/reach.ts'
import type { Reach } from '../reach/reach-type.ts'
import { requestFrom, type Request, type Typed } from './request.ts'
import type { Spelling } from './spelling.ts'

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Carries out one operation as it was typed, and writes its answer. Throws Fault. */
export async function perform(spelling: Spelling, typed: Typed, io: Io): Promise<void> {
  const { common, name } = spelling
  const request = await requestFrom(spelling, typed, io)
  const [url, token, key] = [text(typed.options.get(common.url)), text(typed.options.get(common.token)), text(typed.options.get(common.key))]
  const way = await reach({
    home: homeAt(text(typed.options.get(common.home))),
    ...(url === undefined ? {} : { url }),
    ...(token === undefined ? {} : { token }),
  })
  const asJson = typed.options.get(common.json) === true
  try {
    if (spelling.op.bytes === 'download') await download(way, spelling, request, text(typed.options.get(common.output)), asJson, io)
    else writeAnswer(io.stdout, await withProgress(io.stderr, name.replace('.', ' '), () => send(way, spelling, request, key)), asJson)
  } finally {
    await way.close()
  }
}
function send(way: Reach, { name }: Spelling, { input, body }: Request, key: string | undefined): Promise<unknown> {
  const options = key === undefined ? {} : { key }
  return body === undefined ? way.call(name, input, options) : way.upload(name, input, body, options)
}
async function download(way: Reach, { name }: Spelling, { input }: Request, output: string | undefined, asJson: boolean, io: Io): Promise<void> {
  const { value, bytes } = await way.download(name, input)
  if (output === undefined || output === '-') {
    for await (const chunk of bytes) if (!io.stdout.write(chunk)) await once(io.stdout, 'drain')
    return
  }
  // Under a name of its own until it is whole: a cut download never looks like a file.
  const partial = `${output}.${process.pid}.part`
  let size = 0
  const counted = async function* () {
    for await (const chunk of bytes) {
      size += chunk.byteLength
      yield chunk
    }
  }
  try {
    await withProgress(io.stderr, `${output}`, () => pipeline(Readable.from(counted()), createWriteStream(partial)))
    await rename(partial, output)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
  if (asJson) writeAnswer(io.stdout, value, true)
  else io.stderr.write(`${output}: ${sizeOf(size)}\n`)
}
