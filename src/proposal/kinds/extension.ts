import { z } from 'zod'

/** How many working days somebody asks for, in decimal digits: 1 to `most`. */
export function extensionDetails(most: number) {
  const days = z.string().refine((text) => /^[1-9]\d?$/.test(text) && Number(text) <= most)
  return z.strictObject({ days })
}
