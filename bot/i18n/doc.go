// Package i18n holds every sentence that people read, in English, Spanish and Chinese.
//
// keys.go names the sentences, and catalogue/ holds their texts: answers (active), automation, and a file for each
// feature that came later, whose keys are in a keys_<feature>.go. Load reads all files of the folder. Code picks a key and
// passes values; it writes no sentence of its own. The package imports no other package of this module.
//
// Begin with Load, For and Say in i18n.go. To add a sentence, add a key and its text in all three languages: the tests
// compare the keys, the placeholders and the plural forms. To add a language, add its files, its plural forms to the
// tests, its words to package grammar, and its code to DEFAULT_LANGUAGE (cmd/overtime/config.go).
package i18n
