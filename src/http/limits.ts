import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { boundedBytes } from '../bounded-body.ts'
import { Refusal } from '../errors.ts'

const BODY_BYTES_MAX = 64 * 1024

/**
 * Check 1: one body of `application/jwt`, its bytes counted and not only announced.
 *
 * @throws Refusal `media-type` or `too-large`; `malformed` where decoding the announced bytes as text
 *   lost some: a canonical JWS is ASCII, so a byte order mark or the like does not slip in unseen.
 */
export async function readBody(c: Context): Promise<string> {
  const type = c.req.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/jwt') throw new Refusal('media-type')
  const announced = c.req.header('content-length')
  if (announced !== undefined && Number(announced) > BODY_BYTES_MAX) throw new Refusal('too-large')
  if (announced === undefined) return readCounted(c.req.raw.body)
  // HTTP framing holds the sender to the length it announced.
  const text = await c.req.text()
  if (text.length !== Number(announced)) throw new Refusal('malformed')
  return text
}

async function readCounted(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let text = ''
  for await (const chunk of countedBytes(body, BODY_BYTES_MAX))
    text += decoder.decode(chunk, { stream: true })
  return text + decoder.decode()
}

/** A body's bytes as they come, and no more of them than `max`. @throws Refusal `too-large`. */
export function countedBytes(
  body: ReadableStream<Uint8Array> | null,
  max: number,
): AsyncGenerator<Uint8Array> {
  return boundedBytes(body, max, tooLarge)
}

/** Middleware: a body of at most that many bytes. It throws Refusal `too-large`. */
export function limitBody(maxSize: number): MiddlewareHandler {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw tooLarge()
    },
  })
}

function tooLarge(): Refusal {
  return new Refusal('too-large')
}
