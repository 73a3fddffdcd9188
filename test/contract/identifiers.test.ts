import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  citizenIdCheck,
  ecertCheck,
  isCitizenId,
  isEcertIdentifier,
  isRegionCode,
  isUscc,
  organisationCheck,
  regionCovers,
  usccCheck,
} from '../../src/contract/identifiers.ts'

const DIGITS = '0123456789'
const USCC_CHARS = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const ECERTS = [
  '1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U',
  '1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9',
]

function textOf(alphabet: string, length: number): fc.Arbitrary<string> {
  return fc.string({
    unit: fc.constantFrom(...alphabet),
    minLength: length,
    maxLength: length,
  })
}

const birthdays = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10).replaceAll('-', ''))
const citizenIds = fc
  .tuple(fc.integer({ min: 110000, max: 999999 }), birthdays, textOf(DIGITS, 3))
  .map(([region, born, order]) => `${region}${born}${order}`)
  .map((first17) => first17 + citizenIdCheck(first17))
const usccs = fc
  .tuple(textOf(USCC_CHARS, 2), textOf(DIGITS, 6), textOf(USCC_CHARS, 9))
  .map((parts) => parts.join(''))
  .map((first17) => first17 + usccCheck(first17))

/** One character of `text` replaced by another of `alphabet`. */
function altered(text: string, at: number, by: string): string {
  return text.slice(0, at) + by + text.slice(at + 1)
}

describe('citizen identity numbers (GB 11643)', () => {
  it('accepts published vectors, and x for X', () => {
    for (const id of ['11010519491231002X', '11010519491231002x', '440524188001010014'])
      expect(citizenIdCheck(id.slice(0, 17))).toBe(id.charAt(17).toUpperCase())
    expect(isCitizenId('11010519491231002X')).toBe(true)
    expect(isCitizenId('11010519491231002x')).toBe(true)
  })

  it.each([
    ['440524188001010014', 'born 1880: the check digit is right, nobody alive'],
    ['110105194912310021', 'wrong check digit'],
    ['1101051949123100', 'too short'],
    ['11010519491231002X ', 'trailing space'],
    ['１1010519491231002X', 'full width digit'],
    ['', 'empty'],
  ])('refuses %s (%s)', (id) => {
    expect(isCitizenId(id)).toBe(false)
  })

  it('refuses birth dates that do not exist, with a right check digit', () => {
    for (const born of ['19490229', '20230431', '19001301', '20000100', '19000229']) {
      const first17 = `110105${born}002`
      expect(isCitizenId(first17 + citizenIdCheck(first17))).toBe(false)
    }
    const leap = '11010520000229002'
    expect(isCitizenId(leap + citizenIdCheck(leap))).toBe(true)
  })

  it('finds any single changed digit and any two neighbours swapped', () => {
    fc.assert(
      fc.property(citizenIds, fc.nat(16), fc.constantFrom(...DIGITS), (id, at, digit) => {
        expect(isCitizenId(id)).toBe(true)
        expect(isCitizenId(altered(id, at, digit))).toBe(digit === id.charAt(at))
        const swapped = id.slice(0, at) + id.charAt(at + 1) + id.charAt(at) + id.slice(at + 2)
        expect(isCitizenId(swapped)).toBe(swapped === id)
      }),
    )
  })
})

describe('unified social credit codes (GB 32100)', () => {
  const vectors = ['91350100M000100Y43', '11370800MB28559184', '11100000000013338W']

  it.each(vectors)('accepts %s and its organisation code (GB 11714)', (uscc) => {
    expect(isUscc(uscc)).toBe(true)
    expect(organisationCheck(uscc.slice(8, 16))).toBe(uscc.charAt(16))
  })

  it.each([
    '91350100M000100Y4I',
    '91350100m000100y43',
    '9135010OM000100Y43',
    '91350100M000100Y4',
    '',
  ])('refuses %j', (text) => {
    expect(isUscc(text)).toBe(false)
  })

  it('finds any single changed character', () => {
    fc.assert(
      fc.property(usccs, fc.nat(17), fc.constantFrom(...USCC_CHARS), (uscc, at, char) => {
        expect(isUscc(uscc)).toBe(true)
        expect(isUscc(altered(uscc, at, char))).toBe(char === uscc.charAt(at))
      }),
    )
  })
})

describe('region codes (GB/T 2260)', () => {
  it('checks the shape', () => {
    for (const code of ['990100', '370102']) expect(isRegionCode(code)).toBe(true)
    for (const code of ['090100', '99010', '9901001', '99010a', ''])
      expect(isRegionCode(code)).toBe(false)
  })

  it.each([
    ['990000', '990102', true],
    ['990000', '990100', true],
    ['990100', '990102', true],
    ['990100', '990100', true],
    ['990102', '990100', false],
    ['990100', '990000', false],
    ['990100', '990202', false],
    ['990102', '990103', false],
    ['980000', '990102', false],
    ['', '990102', false],
    ['990000', '99', false],
  ])('%s covers %s: %s', (wide, narrow, covers) => {
    expect(regionCovers(wide, narrow)).toBe(covers)
  })

  it('is a partial order', () => {
    const region = fc.integer({ min: 100000, max: 999999 }).map(String)
    const nested = region.map((code) => [`${code.slice(0, 2)}0000`, `${code.slice(0, 4)}00`, code])
    fc.assert(
      fc.property(nested, region, (chain, other) => {
        for (const [i, wide] of chain.entries())
          for (const narrow of chain.slice(i)) expect(regionCovers(wide, narrow)).toBe(true)
        for (const code of chain)
          if (regionCovers(code, other) && regionCovers(other, code)) expect(code).toBe(other)
      }),
    )
  })
})

describe('electronic certificate identifiers (GB/T 36904)', () => {
  it.each(ECERTS)('accepts %s', (id) => {
    expect(isEcertIdentifier(id)).toBe(true)
  })

  it('refuses another prefix, a missing part, lower case', () => {
    const [first = ''] = ECERTS
    for (const bad of [
      first.replace('.2.156', '.2.840'),
      first.slice(0, -2),
      first.toLowerCase(),
      '',
    ])
      expect(isEcertIdentifier(bad)).toBe(false)
  })

  it('finds any single changed character of type, issuer, serial and version', () => {
    const alphabet = `${DIGITS}ABCDEFGHIJKLMNOPQRSTUVWXYZ`
    fc.assert(
      fc.property(
        textOf(alphabet, 40),
        fc.nat(39),
        fc.constantFrom(...alphabet),
        (body, at, char) => {
          const same = ecertCheck(altered(body, at, char)) === ecertCheck(body)
          expect(same).toBe(char === body.charAt(at))
        },
      ),
    )
  })
})
