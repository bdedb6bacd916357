// SPDX-License-Identifier: GPL-3.0-or-later

//go:build go1.23

package main

import (
	"context"
	"iter"
)

// coroutines pulls values out of a sequence: each next switches to the
// coroutine that makes the values and back again, past the scheduler.
func coroutines(_ context.Context, n int) {
	count := func(yield func(int) bool) {
		for i := 0; yield(i); i++ {
		}
	}
	for i := 0; i < 2; i++ {
		next, stop := iter.Pull(iter.Seq[int](count))
		for i := 0; i < n/2; i++ {
			next()
		}
		stop()
	}
	// This one runs to its own end: the last switch destroys it.
	next, _ := iter.Pull(func(yield func(string) bool) {
		_ = yield("one") && yield("two")
	})
	for _, ok := next(); ok; _, ok = next() {
	}
}
