// Package fault holds the real program against what befalls a machine: it is killed
// at any moment, its disk fills up, its files are damaged, its keys are gone, it is
// started twice. It knows the program by its command line, its HTTP and its files.
package fault
