import { type Draw, pick } from './prng.ts'

const SURNAMES = [
  ...'陆顾沈苏程唐韩曹许邓萧冯曾彭吕蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金郝孔白崔康毛邱秦江史侯邵孟龙万段雷',
  '欧阳',
  '上官',
  '司徒',
  '诸葛',
]
const GIVEN = [
  ...'知远清和云舒景行以宁书言怀瑾承泽思齐若水子衿望舒明川予安南乔星野晚禾见山听澜修竹嘉树如松海棠静姝文博雨桐一诺梓涵',
]
const DOTTED_MEN = ['艾山·库尔班', '买合木提·吐尔逊', '巴图尔·其其克', '扎西·顿珠江']
const DOTTED_WOMEN = ['古丽娜尔·艾山', '阿依努尔·玉素甫', '热依拉·买买提', '卓玛·央金拉']

/** The character as people write it, and the private-use code point that the old registers hold. */
const RARE = [
  ['䶮', '\ue863'],
  ['㛃', '\ue5f1'],
] as const

/** Who needs a name: children and wives follow rules of their own. */
type Named = { readonly household: number; readonly isWife: boolean }

/** A name as its bearer writes it. */
export function drawName(draw: Draw, surname = pick(draw, SURNAMES)): string {
  return surname + pick(draw, GIVEN) + (draw() < 0.7 ? pick(draw, GIVEN) : '')
}

/**
 * As written and, where the registers could not type it, as held. Each household has its surname, which
 * a wife does not take; some blocks hold a couple with dotted names, some a single with a rare character.
 */
export function namesOf(
  block: number,
  people: readonly Named[],
  single: number,
  draw: Draw,
): (readonly string[])[] {
  const surnames = [0, 1, 2, 3].map(() => pick(draw, SURNAMES))
  const names = people.map(({ household, isWife }): readonly string[] => [
    drawName(draw, isWife ? pick(draw, SURNAMES) : surnames[household]),
  ])
  if (block % 13 === 5) {
    names[0] = [pick(draw, DOTTED_MEN)]
    names[1] = [pick(draw, DOTTED_WOMEN)]
  }
  const [written, held] = RARE[block % RARE.length] ?? RARE[0]
  const surname = surnames[2] ?? ''
  if (block % 11 === 6) names[single] = [surname + written, surname + held]
  return names
}
