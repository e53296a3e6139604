// Package i18n holds every sentence that people read, in English, Spanish and Chinese.
//
// keys.go names the sentences, and catalogue/ has them: one file for each language of what answers people (active),
// and one of what happens by itself (automation). Code picks a key and passes values. It writes no sentence of its own.
// The package imports nothing of ours.
//
// Begin with Load, For and Say in i18n.go. To add a sentence, add a key and its text in all three languages: the tests
// compare the keys, the placeholders and the plural forms.
package i18n
