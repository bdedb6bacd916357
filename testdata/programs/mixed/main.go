// SPDX-License-Identifier: GPL-3.0-or-later

// Command mixed traces itself while it does a little of everything, so that a
// trace of it holds nearly every type of event there is:
//
//	channels, select     GoBlock, GoUnblock, GoStart
//	mutex, wait group    the same, for other reasons
//	timers               GoUnblock and GoCreate without a goroutine
//	pipe, files, TCP     GoSyscallBegin, GoSyscallEnd, ProcSteal, GoSyscallEndBlocked
//	garbage              GCBegin, GCSweepBegin, GCMarkAssistBegin, STWBegin, GoLabel
//	tasks                UserTaskBegin, UserRegionBegin, UserLog
//	coroutines           GoCreateBlocked, GoSwitch, GoSwitchDestroy (from Go 1.23)
//	GOMAXPROCS           ProcsChange, STWBegin
//	CPU profile          CPUSample
//
// Run it with GODEBUG=traceadvanceperiod=NANOSECONDS for several generations.
// There is no secret order in what it does: all parts run at once, so that they
// get in each other's way, which is what a scheduler is for.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"runtime/trace"
	"sync"
	"syscall"
	"time"
)

func main() {
	out := flag.String("o", "mixed.trace", "`file` to write the trace to")
	n := flag.Int("n", 12, "how often each part does what it does")
	flag.Parse()

	runtime.GOMAXPROCS(4)
	f, err := os.Create(*out)
	check(err)

	// Things that are under way when tracing begins: a task and a region in
	// it, a goroutine that waits, one that is in a syscall.
	ctx, early := trace.NewTask(context.Background(), "before the trace")
	hold := make(chan bool)
	ends := pipe()
	var under sync.WaitGroup
	under.Add(2)
	go func() { defer under.Done(); <-hold }()
	go func() { defer under.Done(); drain(ends[0]) }()
	region := trace.StartRegion(ctx, "begun before the trace")
	time.Sleep(time.Millisecond)

	runtime.SetCPUProfileRate(500)
	check(trace.Start(f))
	region.End()

	var wg sync.WaitGroup
	for _, part := range []func(context.Context, int){
		pingPong, selects, locks, timers, files, network, garbage, tasks, coroutines, procs,
	} {
		wg.Add(1)
		go func() {
			defer wg.Done()
			part(ctx, *n)
		}()
	}
	for i := 0; i < *n; i++ {
		syscall.Write(ends[1], []byte("a line through the pipe\n"))
		time.Sleep(time.Millisecond)
	}
	wg.Wait()
	close(hold)
	syscall.Close(ends[1])
	under.Wait()
	early.End()

	trace.Stop()
	runtime.SetCPUProfileRate(0)
	check(f.Close())
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "mixed:", err)
		os.Exit(1)
	}
}

// pipe makes a pipe that the network poller knows nothing of: reading from it
// blocks the thread, not the goroutine.
func pipe() (ends [2]int) {
	check(syscall.Pipe(ends[:]))
	return ends
}

// drain reads until the other end is closed.
func drain(fd int) {
	buf := make([]byte, 64)
	for {
		if n, err := syscall.Read(fd, buf); n <= 0 && err != syscall.EINTR {
			return
		}
	}
}

// spin keeps a P busy.
func spin(d time.Duration) {
	for t := time.Now(); time.Since(t) < d; {
	}
}

// pingPong is two goroutines and two channels.
func pingPong(_ context.Context, n int) {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for v := range ping {
			pong <- v
		}
		close(pong)
	}()
	for i := 0; i < n; i++ {
		ping <- i
		<-pong
	}
	close(ping)
	<-pong
}

// selects waits for whichever of several things comes first.
func selects(_ context.Context, n int) {
	a, b, done := make(chan int), make(chan int), make(chan bool)
	send := func(c chan int) {
		for i := 0; i < n; i++ {
			select {
			case c <- i:
			case <-done:
				return
			}
		}
	}
	go send(a)
	go send(b)
	late := time.After(20 * time.Millisecond)
	for i := 0; i < n; i++ {
		select {
		case <-a:
		case <-b:
		case <-late:
		}
	}
	close(done)
}

// locks lets goroutines fight for a mutex and then wait for each other.
func locks(_ context.Context, n int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	cond, ready := sync.NewCond(&mu), false
	for w := 0; w < 3; w++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := 0; i < n; i++ {
				mu.Lock()
				spin(10 * time.Microsecond)
				mu.Unlock()
			}
			mu.Lock()
			for !ready {
				cond.Wait()
			}
			mu.Unlock()
		}()
	}
	time.Sleep(5 * time.Millisecond)
	mu.Lock()
	ready = true
	cond.Broadcast()
	mu.Unlock()
	wg.Wait()
}

// timers sleeps, and has a function called by the timer itself: its goroutine is
// created on a P that runs none.
func timers(_ context.Context, n int) {
	for i := 0; i < n; i++ {
		c := make(chan bool)
		time.AfterFunc(200*time.Microsecond, func() { close(c) })
		<-c
		time.Sleep(100 * time.Microsecond)
	}
}

// files makes syscalls, short ones and one that takes long enough to lose the P.
func files(_ context.Context, n int) {
	for i := 0; i < n; i++ {
		syscall.Getpid()
		syscall.Access("/", 0)
		spin(5 * time.Microsecond)
	}
	short := syscall.NsecToTimespec(int64(400 * time.Microsecond))
	syscall.Nanosleep(&short, nil)
}

// network sends lines over TCP, to itself.
func network(_ context.Context, n int) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return // no network here: the trace is the poorer for it
	}
	defer l.Close()
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		io.Copy(c, c)
	}()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		return
	}
	defer c.Close()
	buf := make([]byte, 16)
	for i := 0; i < n/2; i++ {
		c.Write(buf)
		io.ReadFull(c, buf)
	}
}

type node struct {
	next *node
	body [2000]byte
}

// garbage allocates faster than the collector likes, so that it must help to
// mark, and then waits for a whole collection.
func garbage(ctx context.Context, n int) {
	defer trace.StartRegion(ctx, "garbage").End()
	var list *node
	for i := 0; i < 250*n; i++ {
		list = &node{next: list}
		if i%1000 == 999 {
			list = nil
		}
	}
	runtime.KeepAlive(list)
	runtime.GC()
}

// tasks nests tasks and regions and writes to the log; one region is of no task.
func tasks(_ context.Context, n int) {
	defer trace.StartRegion(context.Background(), "all tasks").End()
	for i := 0; i < n/2; i++ {
		ctx, order := trace.NewTask(context.Background(), "order")
		trace.Logf(ctx, "customer", "number %d, \"quoted\", größer", i)
		done := make(chan bool)
		trace.WithRegion(ctx, "prepare", func() {
			trace.WithRegion(ctx, "look up", func() { spin(20 * time.Microsecond) })
			go func() {
				inner, pack := trace.NewTask(ctx, "pack")
				defer pack.End()
				defer trace.StartRegion(inner, "wrap").End()
				time.Sleep(50 * time.Microsecond)
				close(done)
			}()
		})
		<-done
		trace.Log(ctx, "", "packed")
		order.End()
	}
}

// procs changes GOMAXPROCS, which stops the world, and back.
func procs(_ context.Context, n int) {
	time.Sleep(3 * time.Millisecond)
	runtime.GOMAXPROCS(2)
	time.Sleep(2 * time.Millisecond)
	runtime.GOMAXPROCS(4)
}
