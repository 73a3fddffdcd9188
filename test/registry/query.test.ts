import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDocuments } from '../../src/registry/apply.ts'
import { positional, queryProblem } from '../../src/registry/query.ts'
import { agencies, items } from '../seed/seed.ts'

const QUERY = 'SELECT id_no, months FROM contribution WHERE id_no = :idNo'

describe('a query is taken', () => {
  test.each([
    QUERY,
    `${QUERY}\n  AND status <> 'gone; -- /* it''s' ORDER BY months DESC LIMIT 10`,
    'WITH mine AS (SELECT * FROM t WHERE id_no = :idNo) SELECT * FROM mine',
    'select id_no::text, "update" from t where id_no = cast(:idNo as char(18))',
    "SELECT CASE n WHEN 1 THEN 'true' ELSE 'false' END AS paid FROM t WHERE :idNo = id_no",
    'SELECT * FROM t WHERE id_no = :idNo OR upper(other) = upper(:idNo)',
  ])('%s', (text) => {
    expect(queryProblem(text, ['idNo'])).toBeUndefined()
  })
})

describe('a query is refused for', () => {
  test.each([
    ['a second statement', `${QUERY}; DROP TABLE contribution`, /more than one/],
    ['an end that invites one', `${QUERY};`, /more than one/],
    ['a comment', `${QUERY} -- all of them`, /comment/],
    ['a comment of the other kind', `SELECT/**/* FROM t WHERE id_no = :idNo`, /comment/],
    ['changing rows', 'UPDATE t SET months = 0 WHERE id_no = :idNo', /not a SELECT/],
    [
      'changing rows on the way',
      'WITH gone AS (DELETE FROM t WHERE id_no = :idNo RETURNING *) SELECT * FROM gone',
      /DELETE/,
    ],
    ['making a table', 'SELECT * INTO copied FROM t WHERE id_no = :idNo', /INTO/],
    ['locking', `${QUERY} FOR UPDATE`, /UPDATE/],
    ['changing the session', "SELECT set_config('role', :idNo, false)", /SET_CONFIG/],
    ['opening another file', "ATTACH 'x' AS y", /not a SELECT/],
    ['a pragma', 'PRAGMA writable_schema = 1', /not a SELECT/],
    ['nothing', '', /not a SELECT/],
    ['a parameter nobody looks up by', `${QUERY} AND name = :name`, /:name/],
    ['no parameter', 'SELECT * FROM t', /:idNo is looked up by/],
    ['a value within quotes', "SELECT * FROM t WHERE id_no = ':idNo'", /within quotes/],
    ['a template in quotes', `SELECT * FROM t WHERE id_no = '\${idNo}'`, /within quotes/],
    ['a template', `SELECT * FROM t WHERE id_no = \${idNo}`, /another placeholder/],
    ['a printf', "SELECT * FROM t WHERE id_no = '%s' OR id_no = :idNo", /within quotes/],
    ['a question mark', 'SELECT * FROM t WHERE id_no = ? OR id_no = :idNo', /another placeholder/],
    ['a number', 'SELECT * FROM t WHERE id_no = $1 OR id_no = :idNo', /another placeholder/],
    ['a dollar quote', 'SELECT $$x$$ FROM t WHERE id_no = :idNo', /another placeholder/],
    ['an open quote', "SELECT * FROM t WHERE id_no = :idNo AND name = 'x", /does not end/],
    ['a backslash', "SELECT * FROM t WHERE id_no = :idNo AND a = E'\\''", /quotes|does not end/],
    ['its length', `${QUERY}${' '.repeat(4000)}`, /longer/],
  ])('%s', (_, text, problem) => {
    expect(queryProblem(text, ['idNo'])).toMatch(problem)
  })

  test('anything after it that could be another statement, whatever stands there', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        // What stands outside quotes is judged, so the semicolon must be found unless quoted.
        const text = `${QUERY} ${before.replaceAll(/['"]/g, '')};${after}`
        expect(queryProblem(text, ['idNo'])).toBeDefined()
      }),
    )
  })

  test('registry documents that hold it: the place is named, the query is not quoted', () => {
    const item = items.find(({ code }) => code === 'MAR-01')
    if (item?.connector?.kind !== 'snapshot') throw new Error('MAR-01 is no snapshot')
    const bound = (query: string) => ({
      ...{ agencies, systems: [], agreements: [], registers: [] },
      contracts: [],
      items: [
        {
          ...item,
          contract: null,
          connector: { ...item.connector, kind: 'sql', source: 'fund', query },
        },
      ],
    })
    expect(() => readDocuments(bound(QUERY))).not.toThrow()
    const bad = () => readDocuments(bound(`${QUERY}; DELETE FROM t`))
    expect(bad).toThrow(/items\/0\/connector\/query: more than one statement/)
    expect(bad).not.toThrow(/DELETE/)
  })
})

describe('positional parameters', () => {
  test('number each name once, in the order they come', () => {
    const text = "SELECT a::int, ':x' FROM t WHERE a = :one OR b = :two OR c = :one"
    expect(positional(text)).toEqual({
      text: "SELECT a::int, ':x' FROM t WHERE a = $1 OR b = $2 OR c = $1",
      names: ['one', 'two'],
    })
  })
})
