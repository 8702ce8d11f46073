// Package isolatetest holds every sandbox to the same promises: a conformance
// suite of what isolate.Sandbox says, and an attack suite of programs that try
// to get out, to use more than they may, or to reach the judge or another run.
//
// The programs are written in C, in the folder programs, and are linked into
// one static binary, "subject", by the tests themselves. Hostile ones are never
// run outside of the sandbox under test.
//
// Both need Linux, where the programs are compiled and run.
package isolatetest
