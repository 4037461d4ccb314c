// Package arch holds the laws of the house that a machine can keep; it has no
// code outside its tests.
//
// A law reads the sources itself, with go/parser and plain file reads. Asking
// the go command would be shorter, but the test cache does not see what
// another process reads, and a broken law would stay green until something
// else changed. Each law has a control in testdata: a small tree that breaks
// it, with the complaints that must come.
package arch
