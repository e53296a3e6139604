// Package dialog has the dialog of /extend as values: the views that Slack shows, and what a person chose or typed in
// them. It talks to nobody.
//
// Begin with Form in form.go, the view that is filled in. confirm.go has the view that asks once more, state.go reads what
// was filled in, and wish.go what that asks for, or which field is wrong. seal.go makes the values of the meetings to choose
// from, and options.go packs as many of them as fit.
package dialog
