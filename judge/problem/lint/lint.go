// Package lint looks for mistakes in problem packages without running
// anything, and makes the broken inputs that input validators should reject.
package lint
