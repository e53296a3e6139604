// Package title compares what people type with what meetings are called. It is pure.
//
// Begin with [Of], which makes a text comparable (fold.go), and [Title.Fit], which says how well a title fits what was
// asked for. [Title.Near] forgives slips.
package title
