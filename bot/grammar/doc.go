// Package grammar turns what a person typed into a Command. It is pure: it touches no network, clock or file.
//
// Begin with [Parse]. A Command that asks for more time holds an [Amount]; [Amount.Minutes] makes that a number once the
// end of the meeting is known. The words of every language, and an example of each verb, stand in vocabulary.go.
package grammar
