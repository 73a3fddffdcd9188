const CITIZEN_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CITIZEN_CHECKS = '10X98765432'
const BORN_FROM_YEAR = 1900
const BORN_UNTIL_YEAR = 2099

/** No I, O, S, V, Z: they are too like 1, 0, 5, U, 2 (GB 32100-2015, 5.2). */
const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const USCC_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]

const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const ECERT =
  /^1\.2\.156\.3005\.2\.([0-9A-Z]{21})\.([0-9A-Z]{6,18})\.([0-9A-Z]{1,32})\.([0-9]{3})\.([0-9A-Z])$/

/** The 18th character of a citizen identity number (GB 11643-1999, ISO 7064 MOD 11-2). */
export function citizenIdCheck(first17: string): string {
  return CITIZEN_CHECKS.charAt(weighted(first17, CITIZEN_WEIGHTS, ALPHANUMERIC) % 11)
}

/**
 * A citizen identity number (GB 11643-1999) with its check digit and a birth date that exists;
 * `x` is accepted as `X`. Says nothing about whether anybody bears it.
 */
export function isCitizenId(text: string): boolean {
  const id = text.toUpperCase()
  if (!/^[1-9][0-9]{16}[0-9X]$/.test(id)) return false
  const year = Number(id.slice(6, 10))
  if (year < BORN_FROM_YEAR || year > BORN_UNTIL_YEAR) return false
  if (!isCalendarDate(year, Number(id.slice(10, 12)), Number(id.slice(12, 14)))) return false
  return citizenIdCheck(id.slice(0, 17)) === id.charAt(17)
}

/** The 9th character of an organisation code, characters 9–17 of a USCC (GB 11714-1997). */
export function organisationCheck(first8: string): string {
  const check = (11 - (weighted(first8, ORGANISATION_WEIGHTS, ALPHANUMERIC) % 11)) % 11
  return check === 10 ? 'X' : String(check)
}

/** The 18th character of a unified social credit code (GB 32100-2015, MOD 31). */
export function usccCheck(first17: string): string {
  return USCC_ALPHABET.charAt((31 - (weighted(first17, USCC_WEIGHTS, USCC_ALPHABET) % 31)) % 31)
}

/**
 * A unified social credit code (GB 32100-2015) with its check character. The inner organisation
 * code's own check digit is not demanded: codes issued before 2015 were carried over as they were.
 */
export function isUscc(text: string): boolean {
  if (!/^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(text)) return false
  return usccCheck(text.slice(0, 17)) === text.charAt(17)
}

/** The shape of a county-level region code (GB/T 2260); which codes exist changes over time. */
export function isRegionCode(text: string): boolean {
  return /^[1-9][0-9]{5}$/.test(text)
}

/** Whether `wide` is `narrow` or contains it: 990000 covers 990100, which covers 990102 (GB/T 2260). */
export function regionCovers(wide: string, narrow: string): boolean {
  if (!isRegionCode(wide) || !isRegionCode(narrow)) return false
  if (wide.endsWith('0000')) return narrow.startsWith(wide.slice(0, 2))
  if (wide.endsWith('00')) return narrow.startsWith(wide.slice(0, 4))
  return wide === narrow
}

/** The check character over type, issuer, serial and version without dots (ISO 7064 MOD 37,36). */
export function ecertCheck(body: string): string {
  let product = 36
  for (const char of body) {
    const sum = (product + ALPHANUMERIC.indexOf(char)) % 36
    product = ((sum === 0 ? 36 : sum) * 2) % 37
  }
  return ALPHANUMERIC.charAt((37 - product) % 36)
}

/** An electronic certificate identifier, 证照标识 (GB/T 36904-2018), with its check character. */
export function isEcertIdentifier(text: string): boolean {
  const parts = ECERT.exec(text)
  if (parts === null) return false
  return ecertCheck(parts.slice(1, 5).join('')) === parts[5]
}

/** A date of the Gregorian calendar, free of time zones. */
function isCalendarDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
}

function weighted(text: string, weights: readonly number[], alphabet: string): number {
  let sum = 0
  for (let i = 0; i < weights.length; i += 1) {
    const digit = text.charCodeAt(i) - 48
    const value = digit >= 0 && digit <= 9 ? digit : alphabet.indexOf(text.charAt(i))
    sum += (weights[i] ?? 0) * value
  }
  return sum
}
