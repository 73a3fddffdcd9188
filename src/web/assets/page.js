/**
 * Small helps for every page; each form works without them.
 * - `<form data-auto-submit>`: a changed select or checkbox sends the form.
 * - `<form data-unsaved="…">`: leaving with changed fields warns.
 * - `<button data-copy="#id">`: copies that element's text and says so in its `data-done` words.
 * - the error summary gets the focus, so that a screen reader begins there.
 */
for (const form of document.querySelectorAll('form[data-auto-submit]'))
  form.addEventListener('change', (event) => {
    if (event.target.matches('select, input[type=checkbox], input[type=radio]'))
      form.requestSubmit()
  })

// An empty filter is no filter: it does not stand in the address.
for (const form of document.querySelectorAll('form[method=get]'))
  form.addEventListener('formdata', ({ formData }) => {
    for (const [name, value] of [...formData]) if (value === '') formData.delete(name)
  })

for (const form of document.querySelectorAll('form[data-unsaved]')) {
  let isChanged = false
  form.addEventListener('input', () => {
    isChanged = true
  })
  form.addEventListener('submit', () => {
    isChanged = false
  })
  addEventListener('beforeunload', (event) => {
    if (isChanged) event.preventDefault()
  })
}

for (const button of document.querySelectorAll('button[data-copy]')) {
  button.hidden = false
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent)
    button.textContent = button.dataset.done
  })
}

for (const button of document.querySelectorAll('button[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => print())
}

document.querySelector('.ds-error-summary')?.focus()
