const SHOWN_MAX = 5

/**
 * What somebody may have meant: the known words nearest to this one, by the pairs of letters that both
 * have (Dice's coefficient), upper and lower case alike. Empty where nothing is near.
 */
export function nearest(word: string, known: readonly string[]): string[] {
  const pairs = pairsOf(word)
  return known
    .map((one) => ({ one, likeness: likeness(pairs, pairsOf(one)) }))
    .filter(({ likeness: near }) => near >= 0.4)
    .sort((a, b) => b.likeness - a.likeness || (a.one < b.one ? -1 : 1))
    .slice(0, SHOWN_MAX)
    .map(({ one }) => one)
}

/** Beginning and end count as letters: a code's first letter says most. */
function pairsOf(word: string): Set<string> {
  const letters = `^${word.toLowerCase()}$`
  return new Set(Array.from({ length: letters.length - 1 }, (_, i) => letters.slice(i, i + 2)))
}

function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const both = [...one].filter((pair) => other.has(pair))
  return (2 * both.length) / (one.size + other.size)
}
