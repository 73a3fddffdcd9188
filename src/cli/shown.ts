/**
 * A text that somebody else wrote, for a terminal: what would steer it, turn its writing direction or show
 * nothing at all is spelled out, `\\u001b`.
 */
export function shown(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (sign) => `\\u${sign.codePointAt(0)?.toString(16).padStart(4, '0')}`,
  )
}
