import { describe, expect, test } from 'vitest'
import { colourOf, themeCss } from '../../src/web/theme.ts'

type Rgb = readonly [number, number, number]

/** OKLCH to linear sRGB, by Ottosson's matrices (CSS Color 4, §18). */
function linear(colour: string): Rgb {
  const [, l = 0, chroma = 0, hue = 0] = (
    /^oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)$/.exec(colour) ?? []
  ).map(Number)
  const [a, b] = [Math.cos, Math.sin].map((f) => chroma * f((hue * Math.PI) / 180)) as [
    number,
    number,
  ]
  const L = l / 100
  const long = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const middle = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const short = (L - 0.0894841775 * a - 1.291485548 * b) ** 3
  const clip = (value: number) => Math.min(1, Math.max(0, value))
  return [
    clip(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
    clip(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
    clip(-0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short),
  ]
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function contrast(one: string, other: string): number {
  const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b
  const [light, dark] = [luminance(linear(one)), luminance(linear(other))].sort(
    (x, y) => y - x,
  ) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

const COLOURS = ['accent', 'info', 'neutral', 'success', 'warning', 'danger'] as const
const GROUNDS = ['background-default', 'background-tinted', 'surface-default', 'surface-tinted']

describe.each(['light', 'dark'] as const)('the theme when %s', (scheme) => {
  test('black on white is 21 to 1, so the measure is right', () => {
    expect(contrast('oklch(0% 0 0)', 'oklch(100% 0 0)')).toBeCloseTo(21, 5)
  })

  test.each(COLOURS)('%s texts read on every ground, also the neutral ones (4.5)', (name) => {
    for (const ground of GROUNDS)
      for (const under of [name, 'neutral'] as const)
        for (const text of ['text-default', 'text-subtle'])
          expect(
            contrast(colourOf(name, text, scheme), colourOf(under, ground, scheme)),
          ).toBeGreaterThanOrEqual(4.5)
  })

  test.each(COLOURS)('%s buttons read, at rest, under the pointer and pressed (4.5)', (name) => {
    for (const ground of ['base-default', 'base-hover', 'base-active'])
      expect(
        contrast(colourOf(name, 'base-contrast-default', scheme), colourOf(name, ground, scheme)),
      ).toBeGreaterThanOrEqual(4.5)
  })

  test.each(COLOURS)('%s edges of fields can be seen (3)', (name) => {
    for (const ground of ['background-default', 'surface-default'])
      expect(
        contrast(colourOf(name, 'border-default', scheme), colourOf('neutral', ground, scheme)),
      ).toBeGreaterThanOrEqual(3)
  })
})

test('the dark values stand behind the visitor’s own preference, and paper is light', () => {
  const css = themeCss()
  expect(css).toContain(`@media (prefers-color-scheme:dark)`)
  const printed = css.slice(css.indexOf('@media print'))
  expect(printed).toContain(
    `--ds-color-neutral-background-default:${colourOf('neutral', 'background-default', 'light')}`,
  )
})
