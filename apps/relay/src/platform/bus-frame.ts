import { DefaultSerializer, deserialize } from 'node:v8'

/** Of this form, and of no other, are the frames that are read. Raised when the frame changes, so that two versions of the program can share a Redis. */
const form = 1
/** The parts of a frame; `payload` is read when asked for. */
export interface BusFrame {
  readonly from: string
  readonly topic: string
  payload(): unknown
}
/**
 * A hint as bytes: form, length and text of the sender's id, the same of the topic (latin1, 1..255 bytes each), then the payload as `node:v8` writes it
 * (the HTML structured clone). Throws where a payload cannot be cloned.
 */
export function writeFrame(from: string, topic: string, payload: unknown): Buffer {
  const writer = new DefaultSerializer()
  writer.writeRawBytes(Buffer.from([form, from.length]))
  writer.writeRawBytes(Buffer.from(from, 'latin1'))
  writer.writeRawBytes(Buffer.from([topic.length]))
  writer.writeRawBytes(Buffer.from(topic, 'latin1'))
  writer.writeHeader()
  writer.writeValue(payload)
  return writer.releaseBuffer()
}
/**
 * Reads a frame of `writeFrame`. Throws for another form; `payload()` throws where this Node cannot read what another has written. Bytes in a payload are a
 * view of the frame, not a copy. Only for frames of the relay's own nodes: `node:v8` does not promise to withstand bytes made by an enemy.
 */
export function readFrame(frame: Buffer): BusFrame {
  const fromEnd = 2 + (frame[1] ?? 0)
  const topicEnd = fromEnd + 1 + (frame[fromEnd] ?? 0)
  if (frame[0] !== form || frame.length <= topicEnd)
    throw new Error(`A hint of ${frame.length} bytes has the form ${frame[0] ?? 'of nothing'}; this version of the relay reads form ${form}.`)
  return {
    from: frame.toString('latin1', 2, fromEnd),
    topic: frame.toString('latin1', fromEnd + 1, topicEnd),
    payload: () => deserialize(frame.subarray(topicEnd)),
  }
}
