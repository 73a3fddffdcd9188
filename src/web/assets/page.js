/**
 * Small helps for every page; each form works without them.
 * - `<form data-auto-submit>`: a changed select or checkbox sends the form.
 * - `<form data-unsaved="…">`: leaving with changed fields warns.
 * - `<button data-copy="#id">`: copies that element's text and says so in its `data-done` words.
 * - menus and filters (`details.fold`) fold on narrow screens.
 * - the error summary gets the focus, so that a screen reader begins there.
 */
for (const form of document.querySelectorAll('form[data-auto-submit]'))
  form.addEventListener('change', (event) => {
    if (event.target.matches('select, input[type=checkbox], input[type=radio]'))
      form.requestSubmit()
  })

// Menus and filters fold away where they would fill the first screen.
const narrow = matchMedia('(max-width: 44rem)')
const foldAll = () => {
  for (const one of document.querySelectorAll('details.fold')) one.open = !narrow.matches
}
narrow.addEventListener('change', foldAll)
foldAll()

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

// What is folded is printed too; afterwards it is as it was.
let folded = []
addEventListener('beforeprint', () => {
  folded = [...document.querySelectorAll('details:not([open])')]
  for (const one of folded) one.open = true
})
addEventListener('afterprint', () => {
  for (const one of folded) one.open = false
})

document.querySelector('.ds-error-summary')?.focus()
