/** What the Worker's bundler takes in as text or as a compiled module (wrangler.toml, rules). */
declare module '*.cedar' {
  const text: string
  export default text
}

declare module '*.cedarschema' {
  const text: string
  export default text
}

declare module '*.wasm' {
  const module: WebAssembly.Module
  export default module
}

declare module '*.css' {
  const text: string
  export default text
}

declare module '*/assets/page.js' {
  const text: string
  export default text
}

/** The same as from the package's own door, which warns of every Node that is not a long-term one yet. */
declare module 'oidc-provider/lib/provider.js' {
  export { Provider } from 'oidc-provider'
}
