/**
 * `<form data-passkey="get|create" data-options="…">`: asks the browser for a passkey and sends what it
 * gives, as JSON in the field `answer`. Without this script, or in a browser without passkeys, the form
 * says so itself. The page loads `simplewebauthn.js`, the library, before it.
 */
const { browserSupportsWebAuthn, startAuthentication, startRegistration } =
  globalThis.SimpleWebAuthnBrowser

for (const form of document.querySelectorAll('form[data-passkey]')) {
  const button = form.querySelector('button')
  const failed = form.querySelector('[data-failed]')
  if (!browserSupportsWebAuthn()) continue
  form.querySelector('[data-unable]').hidden = true
  button.disabled = false
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    button.disabled = true
    failed.hidden = true
    const optionsJSON = JSON.parse(form.dataset.options)
    try {
      const ask = form.dataset.passkey === 'get' ? startAuthentication : startRegistration
      form.elements.answer.value = JSON.stringify(await ask({ optionsJSON }))
      form.submit()
    } catch {
      // Cancelled, or no key of this site: what exactly, browsers do not tell.
      failed.hidden = false
      button.disabled = false
      failed.focus()
    }
  })
}
