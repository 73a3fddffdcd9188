/**
 * The colours, as Designsystemet's custom properties. A colour is a hue and how strong it is; a role is a
 * lightness in either scheme and its share of that strength. Lightness alone decides contrast, so a test
 * that holds WCAG AA for one colour speaks for the others too.
 */
const COLOURS = {
  accent: { hue: 250, chroma: 0.115 },
  info: { hue: 235, chroma: 0.09 },
  neutral: { hue: 250, chroma: 0.012 },
  success: { hue: 150, chroma: 0.11 },
  warning: { hue: 75, chroma: 0.11 },
  danger: { hue: 25, chroma: 0.16 },
} as const

/** Role: lightness (per cent) when light, when dark, and the share of chroma. */
const ROLES: readonly (readonly [role: string, light: number, dark: number, share: number])[] = [
  ['background-default', 100, 19, 0.1],
  ['background-tinted', 97.5, 22, 0.12],
  ['surface-default', 100, 23.5, 0.12],
  ['surface-tinted', 94.5, 28, 0.28],
  ['surface-hover', 91, 32, 0.35],
  ['surface-active', 87, 37, 0.42],
  ['border-subtle', 83, 42, 0.45],
  ['border-default', 57, 64, 0.9],
  ['border-strong', 46, 78, 0.95],
  ['text-subtle', 45, 80, 0.95],
  ['text-default', 28, 95, 0.45],
  ['base-default', 48, 76, 1],
  ['base-hover', 42, 81, 1],
  ['base-active', 37, 86, 0.9],
  ['base-contrast-subtle', 96, 22, 0.2],
  ['base-contrast-default', 100, 14, 0.1],
]

type Colour = keyof typeof COLOURS
type Scheme = 'light' | 'dark'

/** White and the page's ground carry no hue when light: paper is paper. */
export function colourOf(name: Colour, role: string, scheme: Scheme): string {
  const row = ROLES.find(([one]) => one === role)
  if (!row) throw new TypeError(`no role ${role}`)
  const [, light, dark, share] = row
  const { hue, chroma } = COLOURS[name]
  const lightness = scheme === 'light' ? light : dark
  const strength = lightness === 100 ? 0 : chroma * share
  return `oklch(${lightness}% ${strength.toFixed(4)} ${hue})`
}

/** The theme as a stylesheet: no attribute is needed, the visitor's own preference decides the scheme. */
export function themeCss(): string {
  const names = Object.keys(COLOURS) as Colour[]
  return [
    `@layer ds.theme{:root{${schemeOf(names, 'light')}color-scheme:light dark}`,
    `@media (prefers-color-scheme:dark){:root{${schemeOf(names, 'dark')}}}`,
    // Printed pages are black on white, whatever the screen was.
    `@media print{:root{${schemeOf(names, 'light')}color-scheme:light}}`,
    `:root,${meant('accent')}`,
    ...names.slice(1).map((name) => meant(name)),
    '}',
  ].join('\n')
}

function schemeOf(names: readonly Colour[], scheme: Scheme): string {
  const own = names.flatMap((name) =>
    ROLES.map(([role]) => `--ds-color-${name}-${role}:${colourOf(name, role, scheme)}`),
  )
  const focus = [
    `--ds-color-focus-inner:${colourOf('neutral', 'background-default', scheme)}`,
    `--ds-color-focus-outer:${colourOf('accent', 'text-default', scheme)}`,
  ]
  return `${[...own, ...focus].join(';')};`
}

/** What a component means by "its" colour below an element that names one. */
function meant(name: Colour): string {
  const members = ROLES.map(([role]) => `--ds-color-${role}:var(--ds-color-${name}-${role})`)
  return `[data-color=${name}]{${members.join(';')}}`
}
