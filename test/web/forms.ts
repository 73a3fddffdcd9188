import { type Options, openTestGateway } from '../harness.ts'
import { openWithPeople, peopleOf } from '../people.ts'

export const HTML = { accept: 'text/html' }

/** A gateway, and browsers of its people: pages are asked for, forms are sent. */
export async function opened() {
  const { gateway, signIn, as } = await openWithPeople()
  const by = async (subject: string, how: { steppedUp?: boolean } = {}) => {
    const send = as(await signIn(subject, how))
    return {
      get: async (path: string) => {
        const reply = await send('GET', path, { more: HTML })
        return { status: reply.status, text: await reply.text() }
      },
      post: async (path: string, fields: Record<string, string>) => {
        const reply = await send('POST', path, { body: new URLSearchParams(fields), more: HTML })
        const { status, headers } = reply
        return { status, to: headers.get('location') ?? '', text: await reply.text() }
      },
    }
  }
  return { gateway, by, signIn }
}

/** A gateway, and visits of its people: a method, an address and, where something is sent, a form's fields. */
export async function openedForVisits(options: Options = {}) {
  const gateway = await openTestGateway(options)
  const people = peopleOf(gateway)
  const visit = async (who: string) => {
    const send = people.as(await people.signIn(who))
    return async (method: string, path: string, fields?: Record<string, string>) => {
      const body = fields && new URLSearchParams(fields)
      const reply = await send(method, path, { ...(body ? { body } : {}) })
      return { status: reply.status, at: reply.headers.get('location'), text: await reply.text() }
    }
  }
  return { gateway, visit }
}

const INPUT = /<(?:input|textarea|select)[^>]* name="([^"]+)"/g

/** What stands in a page's fields, as a browser would send it: of boxes only those that are ticked. */
export function valuesIn(text: string): Record<string, string> {
  const plain = (value: string) =>
    value
      .replaceAll('&quot;', '"')
      .replaceAll('&lt;', '<')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&')
  const names = [...text.matchAll(INPUT)]
    .filter(([tag]) => !tag.includes('type="checkbox"') || isTicked(text, tag))
    .map(([, name]) => name as string)
  return Object.fromEntries(
    names.map((name) => {
      const at = text.slice(text.indexOf(` name="${name}"`))
      const area = /^[^>]*>([^<]*)<\/textarea>/.exec(at)?.[1]
      const chosen = /^[^>]*><option[\s\S]*?<\/select>/.exec(at)?.[0]
      const option =
        chosen &&
        (/value="([^"]*)" selected/.exec(chosen)?.[1] ?? /value="([^"]*)"/.exec(chosen)?.[1])
      const own = new RegExp(`<input[^>]*name="${name.replaceAll('.', '\\.')}"[^>]*>`).exec(
        text,
      )?.[0]
      const value = area ?? option ?? /value="([^"]*)"/.exec(own ?? '')?.[1] ?? ''
      return [name, plain(value)]
    }),
  )
}

function isTicked(text: string, tag: string): boolean {
  const at = text.indexOf(tag)
  return text.slice(at, text.indexOf('>', at)).endsWith(' checked')
}
