// SPDX-License-Identifier: GPL-3.0-or-later

// Command oldformats traces itself while it does a few things. It is written so
// that any Go since 1.11 builds it, for traces of the formats before Go 1.22.
//
// The reader of those formats has to guess at the order of events with equal
// times, and does not always guess the same. So the parts here run one after
// the other, and nothing is runnable when tracing begins.
package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/trace"
	"sync"
	"syscall"
	"time"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "oldformats:", err)
		os.Exit(1)
	}
}

func main() {
	if len(os.Args) != 3 || os.Args[1] != "-o" {
		check(fmt.Errorf("usage: oldformats -o FILE"))
	}
	runtime.GOMAXPROCS(2)
	f, err := os.Create(os.Args[2])
	check(err)
	waits := make(chan bool)
	go func() { <-waits }()
	time.Sleep(10 * time.Millisecond)

	check(trace.Start(f))
	channels()
	mutex()
	timers()
	syscalls()
	tasks()
	runtime.GC()
	close(waits)
	trace.Stop()
	check(f.Close())
}

func channels() {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for v := range ping {
			pong <- v
		}
		close(pong)
	}()
	for i := 0; i < 10; i++ {
		ping <- i
		<-pong
	}
	close(ping)
	<-pong
}

func mutex() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	mu.Lock()
	for i := 0; i < 4; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			runtime.Gosched()
			mu.Unlock()
		}()
	}
	runtime.Gosched()
	mu.Unlock()
	wg.Wait()
}

func timers() {
	for i := 0; i < 3; i++ {
		time.Sleep(200 * time.Microsecond)
	}
}

func syscalls() {
	for i := 0; i < 5; i++ {
		syscall.Access("/", 0)
	}
	long := syscall.NsecToTimespec(int64(time.Millisecond))
	syscall.Nanosleep(&long, nil)
}

func tasks() {
	for i := 0; i < 3; i++ {
		ctx, task := trace.NewTask(context.Background(), "order")
		trace.WithRegion(ctx, "prepare", func() {
			trace.Logf(ctx, "customer", "number %d", i)
		})
		task.End()
	}
}
