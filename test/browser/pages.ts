/**
 * Every page that people see, with the states that it can be in. A test holds that no route of pages is
 * missing here; what stands here is judged by axe in both languages and both schemes, and looked at narrow,
 * printed and without scripts.
 */
export const PUBLIC_PAGES: readonly string[] = [
  '/',
  '/services',
  '/services?q=结婚',
  '/services?q=没有这样的事项',
  '/services/S04',
  '/services/S01',
  '/catalog',
  '/catalog?q=婚姻&kind=verification&state=published',
  '/catalog?q=没有这样的事项',
  '/items/MAR-01',
  '/items/ENT-01',
  '/items/LOW-02',
  '/items/LOWLB-02',
  '/not-demandable',
  '/not-demandable?q=健在证明',
  '/not-demandable?q=收入证明',
  '/not-demandable?q=证',
  '/agencies/11990100MB9901024C',
  '/agencies/11990121MB9901315W',
  '/services/S03.tingnan',
  '/pledges',
  '/statistics',
  '/problems',
  '/problems/quota',
  '/nowhere',
  '/catalog?kind=none',
]
