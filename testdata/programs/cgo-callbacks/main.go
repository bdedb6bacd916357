// SPDX-License-Identifier: GPL-3.0-or-later

// Command callbacks traces itself while C calls into Go.
//
// A thread that Go did not make has no goroutine. When it calls a Go function,
// the runtime lends it one for as long as the call lasts, and that goroutine
// begins its life "in a syscall", since from Go's point of view C is one long
// syscall. So each call from C shows in the trace as
//
//	GoCreateSyscall       the thread gets a goroutine, but no P yet
//	ProcStart             it takes a P ...
//	GoSyscallEndBlocked   ... leaves the "syscall" ...
//	GoStart               ... and runs: this is the Go function
//	GoSyscallBegin        the function returns to C
//	GoDestroySyscall      the goroutine is gone
//
// and what becomes of the P between one call and the next is the interesting
// part: the thread may still have it, or sysmon may have taken it.
//
// Since Go 1.21 a Unix system shows this only once for each thread: the runtime
// leaves its goroutine with the thread (by a pthread key, whose destructor gives
// it back when the thread ends) and later calls begin at GoSyscallEnd or
// GoSyscallEndBlocked. On Windows, and wherever no pthread key can be had, the
// goroutine still comes and goes with every call. We want to see that, so we see
// to it that there is no key when the runtime asks for one; -bound leaves things
// as they usually are.
//
// The three parts can be traced on their own with -mode:
//
//	reuse    a few C threads, each of which calls again and again
//	new      a new C thread for every call
//	nested   goroutines that call C that calls Go that calls C ...
//	both     reuse, new and nested, one after the other
//
// During all of it two goroutines sit in C and wait, and one C thread that was
// in the middle of its calls when tracing began goes on until after its end.
package main

/*
#cgo LDFLAGS: -lpthread
#include "calls.h"
*/
import "C"

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/trace"
	"sync"
	"time"
)

// answers is how a call from C waits for a goroutine: askGo sends a channel and
// blocks on it until the goroutine started by main has answered.
var answers = make(chan chan int)

// askGo is what the C threads call. What it does depends on how often the thread
// has called before, so that a thread's life shows each kind of call in turn.
//
//export askGo
func askGo(thread, call C.int) {
	switch call % 4 {
	case 0:
		// In and out: the thread keeps its P all the way.
	case 1:
		// Yield once. The goroutine must run on this thread and no other,
		// so the thread hands its P on and waits to be given one back.
		runtime.Gosched()
	case 2:
		// Wait for another goroutine.
		c := make(chan int)
		answers <- c
		<-c
	case 3:
		// Sleep: the goroutine is woken by a timer.
		time.Sleep(50 * time.Microsecond)
	}
}

// goDown is the Go half of a nest of calls; its C half is c_down. They take
// turns until depth is used up.
//
//export goDown
func goDown(depth C.int) {
	if depth > 0 {
		runtime.Gosched()
		C.c_down(depth - 1)
	}
}

func main() {
	out := flag.String("o", "callbacks.trace", "`file` to write the trace to")
	mode := flag.String("mode", "both", "reuse, new, nested or both")
	calls := flag.Int("calls", 8, "calls of each C thread (reuse), threads (new), nests (nested)")
	bound := flag.Bool("bound", false, "let a C thread keep its goroutine from call to call")
	flag.Parse()

	// The runtime asks for its pthread key when C first calls Go.
	if *bound {
		C.c_down(0)
	} else {
		C.without_keys(0)
	}

	go func() {
		for c := range answers {
			c <- 1
		}
	}()

	// A C thread that calls all the time, before, during and after the trace.
	// This goroutine itself is in C all the while, joining that thread.
	var old sync.WaitGroup
	old.Add(1)
	go func() {
		defer old.Done()
		C.call_until_stopped()
	}()
	time.Sleep(2 * time.Millisecond)

	f, err := os.Create(*out)
	if err != nil {
		fail(err)
	}
	if err := trace.Start(f); err != nil {
		fail(err)
	}

	// Goroutines that are blocked in C. Their Ps are taken from them soon
	// after they get there.
	var blocked sync.WaitGroup
	for i := 0; i < 2; i++ {
		blocked.Add(1)
		go func() {
			defer blocked.Done()
			C.wait_at_gate()
		}()
	}

	if *mode == "reuse" || *mode == "both" {
		C.same_threads(3, C.int(*calls))
	}
	if *mode == "new" || *mode == "both" {
		C.new_threads(C.int(*calls))
	}
	if *mode == "nested" || *mode == "both" {
		for i := 0; i < *calls; i++ {
			C.c_down(C.int(i % 3))
		}
	}

	C.open_gate()
	blocked.Wait()
	trace.Stop()
	if err := f.Close(); err != nil {
		fail(err)
	}
	C.stop_calling()
	old.Wait()
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "callbacks:", err)
	os.Exit(1)
}
