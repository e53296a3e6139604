package main

import (
	"fmt"
	"testing"
)

// What Slack itself says around the bot's words is in the language of the person: a Spanish and a Chinese one read no
// English beside their answers, in their dialogs and in what stands in empty fields.
func TestPageSpeaksThePersonsLanguage(t *testing.T) {
	slow(t)
	t.Parallel()
	browser := newBrowser(t)
	p := newPlay(t)
	for _, person := range []struct{ id, onlyYou, optional, message, required string }{
		{demoBob, "Solo visible para ti", "(opcional)", "Enviar mensaje a #", "Rellena este campo obligatorio"},
		{demoChen, "仅对你可见", "（可选）", "给 #", "请填写此必填字段"},
	} {
		openPage(t, browser, p, person.id)
		holds := func(what, selector, part string) {
			t.Helper()
			waitOnPage(t, browser, what, fmt.Sprintf(`[...document.querySelectorAll(%q)].some((one) => (one.placeholder || one.innerText).includes(%q))`, selector, part))
		}
		holds("what the field is for", "#command-input", person.message)
		typeOnPage(t, browser, "/extend help")
		holds("who reads the answer", "#messages .only-you", person.onlyYou)
		typeOnPage(t, browser, "/extend")
		holds("what may stay empty", ".modal .block-input-optional", person.optional)
		waitOnPage(t, browser, "no English in the dialog", `!/\b(optional|Choose|Cancel|Close)\b/.test(document.querySelector('.modal').innerText)`)
		waitOnPage(t, browser, "no meeting is chosen", `(document.querySelector('.modal .chip button')?.click(), true)`)
		clickOnPage(t, browser, ".modal button[type=submit]")
		holds("what has to be filled in", ".modal .block-input-error", person.required)
	}
}
