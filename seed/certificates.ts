import { type Block, DISTRICTS, type Resident } from './people.ts'
import { below, type Draw, drawsFrom, pick, STREAM } from './prng.ts'

/** One certificate of the real estate register; co-owners hold one each. */
export type Certificate = {
  readonly no: string
  readonly year: number
  readonly owner: Resident
  readonly isShared: boolean
  readonly region: string
  readonly use: 'RESIDENTIAL' | 'COMMERCIAL' | 'OFFICE'
  readonly mortgaged: boolean
  readonly seized: boolean
}

export function certificatesOf({ no: block, people }: Block): Certificate[] {
  const draw = drawsFrom(block, STREAM.realEstate)
  const held: Certificate[] = []
  for (const owners of ownersOf(people, draw)) {
    const unit = drawUnit(draw)
    for (const owner of owners) {
      const serial = String(block * 20 + held.length).padStart(7, '0')
      const no = `泽(${unit.year})云汀市不动产权第${serial}号`
      held.push({ ...unit, no, owner, isShared: owners.length > 1 })
    }
  }
  return held
}

/** Who owns what: each element is one unit with its co-owners. */
function* ownersOf(people: readonly Resident[], draw: Draw): Generator<Resident[]> {
  const of = (...at: number[]) => people.filter((_, i) => at.includes(i))
  const young = draw()
  if (young < 0.4) yield of(0, 1)
  else if (young < 0.55) yield of(0)
  if (draw() < 0.7) yield of(3, 4)
  if (draw() < 0.2) yield of(4)
  if (draw() < 0.3) yield of(7)
  if (draw() < 0.7) yield of(8)
}

function drawUnit(draw: Draw) {
  const use = draw()
  return {
    year: 2016 + below(draw, 10),
    region: pick(draw, DISTRICTS),
    use: use < 0.88 ? 'RESIDENTIAL' : use < 0.97 ? 'COMMERCIAL' : 'OFFICE',
    mortgaged: draw() < 0.35,
    seized: draw() < 0.02,
  } as const
}
