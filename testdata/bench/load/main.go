// SPDX-License-Identifier: GPL-3.0-or-later

// load writes an execution trace of a given size: goroutines that talk over channels and TCP, contend for locks, read
// and write files, allocate and annotate, until the trace has that many bytes.
//
//	load -bytes 100000000 -o big.trace
//
// It does so as fast as it can, which makes few generations: one a second. With -seconds it takes that long, and rests between.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"runtime"
	"runtime/trace"
	"sync"
	"sync/atomic"
	"time"
)

type counter struct {
	f *os.File
	n atomic.Int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.f.Write(p)
	c.n.Add(int64(n))
	return n, err
}

var done, ahead atomic.Bool

// over says whether the work is done; who is ahead of the time that it is to take rests before.
func over() bool {
	for ahead.Load() && !done.Load() {
		time.Sleep(time.Millisecond)
	}
	return done.Load()
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

// talk sends a counter to and fro.
func talk() {
	there, back := make(chan int), make(chan int)
	go func() {
		for v := range there {
			back <- v + 1
		}
	}()
	for v := 0; !over(); {
		there <- v
		v = <-back
		if v%50 == 0 {
			time.Sleep(time.Millisecond)
		}
	}
	close(there)
}

// echo asks a TCP server for its line again.
func echo(addr string) {
	c, err := net.Dial("tcp", addr)
	check(err)
	defer c.Close()
	r := bufio.NewReader(c)
	for !over() {
		ctx, task := trace.NewTask(context.Background(), "round trip")
		trace.WithRegion(ctx, "write", func() { fmt.Fprintln(c, "hello, trace") })
		trace.WithRegion(ctx, "read", func() { r.ReadString('\n') })
		task.End()
	}
}

func serve(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			r := bufio.NewReader(c)
			for {
				line, err := r.ReadString('\n')
				if err != nil {
					return
				}
				fmt.Fprint(c, line)
			}
		}()
	}
}

// contend fights for a lock, allocates now and then, and starts goroutines that live briefly.
func contend(mu *sync.Mutex) {
	var keep [][]byte
	for i := 0; !over(); i++ {
		mu.Lock()
		runtime.Gosched()
		mu.Unlock()
		if i%16 == 0 {
			keep = append(keep, make([]byte, 8192))
			if len(keep) > 256 {
				keep = nil
			}
			var wg sync.WaitGroup
			wg.Add(1)
			go wg.Done()
			wg.Wait()
		}
	}
}

// files makes system calls.
func files() {
	f, err := os.CreateTemp("", "load")
	check(err)
	defer os.Remove(f.Name())
	defer f.Close()
	buf := make([]byte, 512)
	for !over() {
		f.WriteAt(buf, 0)
		f.ReadAt(buf, 0)
		time.Sleep(50 * time.Microsecond)
	}
}

func main() {
	bytes := flag.Int64("bytes", 1e6, "size of the trace")
	out := flag.String("o", "load.trace", "where to write it")
	seconds := flag.Float64("seconds", 0, "how long to take for it; 0: no longer than needed")
	procs := flag.Int("procs", 8, "GOMAXPROCS")
	flag.Parse()
	runtime.GOMAXPROCS(*procs)
	f, err := os.Create(*out)
	check(err)
	c := &counter{f: f}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	go serve(l)
	check(trace.Start(c))
	var wg sync.WaitGroup
	var mu sync.Mutex
	run := func(f func()) {
		wg.Add(1)
		go func() { defer wg.Done(); f() }()
	}
	for i := 0; i < 4; i++ {
		run(talk)
		run(func() { echo(l.Addr().String()) })
		run(func() { contend(&mu) })
		run(files)
	}
	for began := time.Now(); c.n.Load() < *bytes; time.Sleep(2 * time.Millisecond) {
		ahead.Store(float64(c.n.Load())*(*seconds) > float64(*bytes)*time.Since(began).Seconds())
	}
	done.Store(true)
	wg.Wait()
	trace.Stop()
	check(f.Close())
}
