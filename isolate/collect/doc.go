// Package collect reads the files that a sandboxed program left in its working
// folder. The folder was written by untrusted code, all of it dead by now:
// every step is relative to an open folder, resolves no links, and opens
// nothing but what lstat said is a regular file or a folder; see openat2(2).
package collect
