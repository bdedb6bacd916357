// SPDX-License-Identifier: GPL-3.0-or-later

// Command allocfree traces itself while it allocates. Run it with
// GODEBUG=traceallocfree=1: the runtime then tells of every span, object and
// goroutine stack, of those that are there when a generation begins (Span,
// HeapObject, GoroutineStack) and of those that come and go. It uses as little
// of the library as it can, so that few are there.
package main

import (
	"os"
	"runtime"
	"runtime/trace"
)

type pair struct{ left, right *pair }

var keep *pair

// deep needs a stack larger than a goroutine is born with, which is therefore
// allocated, and the small one freed.
func deep(n int, done chan<- bool) {
	var room [256]byte
	if n == 0 {
		done <- true
		return
	}
	room[n%len(room)] = byte(n)
	deep(n-1, done)
	runtime.KeepAlive(&room)
}

func main() {
	if len(os.Args) != 2 {
		println("usage: allocfree FILE")
		os.Exit(2)
	}
	f, err := os.Create(os.Args[1])
	if err == nil {
		err = trace.Start(f)
	}
	if err != nil {
		println("allocfree:", err.Error())
		os.Exit(1)
	}
	for i := 0; i < 100; i++ {
		keep = &pair{left: keep}
	}
	done := make(chan bool)
	for i := 0; i < 3; i++ {
		go deep(16, done)
		<-done
	}
	keep = nil
	runtime.GC()
	keep = &pair{}
	trace.Stop()
	if err := f.Close(); err != nil {
		os.Exit(1)
	}
}
