import type { Item } from '../documents.ts'
import { sharingRegulation } from './law.ts'
import { block, type Rule } from './rule.ts'

const SECRET = /绝密|机密|秘密级|国家秘密|工作秘密|核心数据/u
/** "不涉及国家秘密" says that it is none. */
const DENIED = /(?:不|未|无|非)(?:涉及|包含|含有?|属于)?\p{L}{0,6}$/u

/** State and work secrets stand outside the regulation, art. 3, and outside this gateway. Blocks. */
export const secrets: Rule<Item> = {
  id: 'secrets',
  article: sharingRegulation('第三条'),
  holds: { zh: '未列入国家秘密、工作秘密', en: 'It is not marked as a state or work secret' },
  judge: ({ content, data }) => {
    const texts = [
      ['/content/zh', content.zh],
      ['/data/items/zh', data.items.zh],
      ['/data/classification/zh', data.classification.zh],
    ] as const
    return texts
      .filter(([, text]) => saysSecret(text))
      .map(([pointer]) =>
        block(
          pointer,
          '涉及国家秘密、工作秘密的，不得列入共享目录',
          'What is a state or work secret may not stand in this catalogue',
        ),
      )
  },
}

function saysSecret(text: string): boolean {
  const at = SECRET.exec(text)
  return at !== null && !DENIED.test(text.slice(0, at.index))
}
