/**
 * A body's bytes as they come, and no more of them than `max`.
 *
 * @param tooLarge makes what is thrown at the first byte beyond; what is left is then never read.
 */
export async function* boundedBytes(
  body: ReadableStream<Uint8Array> | null,
  max: number,
  tooLarge: () => Error,
): AsyncGenerator<Uint8Array> {
  if (!body) return
  const reader = body.getReader()
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    bytes += value.byteLength
    if (bytes > max) {
      await reader.cancel()
      throw tooLarge()
    }
    yield value
  }
}

/** The same as text: UTF-8, a byte order mark left out. */
export async function boundedText(
  body: ReadableStream<Uint8Array> | null,
  max: number,
  tooLarge: () => Error,
): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of boundedBytes(body, max, tooLarge))
    text += decoder.decode(chunk, { stream: true })
  return text + decoder.decode()
}
