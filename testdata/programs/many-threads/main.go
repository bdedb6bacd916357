// SPDX-License-Identifier: GPL-3.0-or-later

// Command manythreads traces itself while many threads are busy at once.
//
// A reader of traces merges the threads' events by time. When the earliest of
// them may not happen yet, it must look at what the other threads want, in
// order; with a dozen threads that is a different matter than with two. So here
// are sixteen goroutines that run on threads of their own, as many C threads
// that call Go at the same moment, and a GOMAXPROCS that lets all of them run.
// All wait for each other again and again, and then all go at once.
package main

/*
#cgo LDFLAGS: -lpthread
#include "crowd.h"
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

const crowd = 16

// A gate opens when all have come to it, and closes behind them.
type gate struct {
	mu   sync.Mutex
	cond *sync.Cond
	size int
	here int
	past int
}

func newGate(size int) *gate {
	g := &gate{size: size}
	g.cond = sync.NewCond(&g.mu)
	return g
}

func (g *gate) wait() {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.past
	if g.here++; g.here == g.size {
		g.here, g.past = 0, g.past+1
		g.cond.Broadcast()
	}
	for g.past == now {
		g.cond.Wait()
	}
}

var all = newGate(2 * crowd)

// comeIn is what each C thread calls, in each round.
//
//export comeIn
func comeIn() {
	all.wait()
	spin(20 * time.Microsecond)
}

func spin(d time.Duration) {
	for t := time.Now(); time.Since(t) < d; {
	}
}

func main() {
	out := flag.String("o", "many-threads.trace", "`file` to write the trace to")
	rounds := flag.Int("n", 4, "how often all meet")
	flag.Parse()
	runtime.GOMAXPROCS(2 * crowd)

	f, err := os.Create(*out)
	check(err)
	check(trace.Start(f))
	var wg sync.WaitGroup
	for i := 0; i < crowd; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			runtime.LockOSThread()
			for r := 0; r < *rounds; r++ {
				all.wait()
				spin(20 * time.Microsecond)
				runtime.Gosched()
			}
		}()
	}
	C.come_in(crowd, C.int(*rounds))
	wg.Wait()
	trace.Stop()
	check(f.Close())
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "manythreads:", err)
		os.Exit(1)
	}
}
