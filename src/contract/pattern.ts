const PATTERN_LENGTH_MAX = 256

/** Bounds the matcher's work per start position; `^…$` leaves one start position. */
const WAYS_MAX = 10_000

const GROUP_OPEN = /^\((?:\?:)?(?!\?)/
const CLASS = /^\[(?:[^\\\][]|\\.)+\]/
const ESCAPE = /^\\(?:[pP]\{[A-Za-z_=]+\}|[dDsSwWtnr]|[./\\()[\]{}*+?|^$])/
const QUANTIFIER = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})\??/
const SYNTAX = /^[)|.]/
const LITERAL = /^[^\\()[\]{}*+?|^$]/

/** A group being read, or just closed; `varies` when one start may end in several places. */
type Group = { varies: boolean }
type Repeat = { readonly least: number; readonly most: number }

/**
 * Why a JSON Schema `pattern` may not run on what callers send, or undefined: nothing may backtrack
 * without bound (ReDoS). Deliberately narrow: anchored `^…$`, no look-around, no back-reference, at
 * most one unbounded repetition, and nothing repeated that itself varies.
 */
export function patternProblem(source: string): string | undefined {
  if (source.length > PATTERN_LENGTH_MAX) return `longer than ${PATTERN_LENGTH_MAX} characters`
  if (!source.startsWith('^') || !source.endsWith('$')) return 'not anchored as ^…$'
  try {
    new RegExp(source, 'u')
  } catch {
    return 'not a regular expression'
  }
  return costProblem(source.slice(1, -1))
}

function costProblem(body: string): string | undefined {
  const open: Group[] = []
  let closed: Group | undefined
  let unbounded = 0
  let ways = 1
  for (let rest = body; rest.length > 0; ) {
    const quantifier = QUANTIFIER.exec(rest)
    const [token] = quantifier ?? tokenOf(rest) ?? []
    if (token === undefined) return 'look-around, reference or inner anchor'
    rest = rest.slice(token.length)
    if (quantifier) {
      const { least, most } = repeatOf(quantifier)
      if (most > 1 && closed?.varies) return 'repeats what itself varies'
      if (most === Number.POSITIVE_INFINITY) unbounded += 1
      else ways *= Math.max(most, most - least + 1)
      if (most > least) for (const group of open) group.varies = true
    }
    if (token === '|') {
      if (open.length === 0) return 'alternation outside a group escapes the anchors'
      for (const group of open) group.varies = true
      ways *= 2
    }
    if (token.startsWith('(')) open.push({ varies: false })
    closed = token === ')' ? open.pop() : undefined
  }
  if (unbounded > 1) return 'more than one unbounded repetition'
  return ways > WAYS_MAX ? 'too many ways to match' : undefined
}

function tokenOf(rest: string): RegExpExecArray | null {
  return (
    GROUP_OPEN.exec(rest) ??
    CLASS.exec(rest) ??
    ESCAPE.exec(rest) ??
    SYNTAX.exec(rest) ??
    LITERAL.exec(rest)
  )
}

function repeatOf([text, least, comma, most]: RegExpExecArray): Repeat {
  if (text.startsWith('?')) return { least: 0, most: 1 }
  if (least === undefined) return { least: 0, most: Number.POSITIVE_INFINITY }
  if (comma === undefined) return { least: Number(least), most: Number(least) }
  return { least: Number(least), most: most ? Number(most) : Number.POSITIVE_INFINITY }
}
