// SPDX-License-Identifier: GPL-3.0-or-later

// refread reads a trace with Go's own reader, as copied from the Go tree by bench.sh, hands each event to a function, as
// the programs do that use it, and prints how many there were. With -print it prints them.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"

	"bench/trace"
)

func main() {
	print := len(os.Args) > 2 && os.Args[1] == "-print"
	f, err := os.Open(os.Args[len(os.Args)-1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	r, err := trace.NewReader(f)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	n := 0
	each := func(ev *trace.Event) { n++ }
	if print {
		each = func(ev *trace.Event) { fmt.Fprintln(out, ev.String()) }
	}
	for {
		ev, err := r.ReadEvent()
		if err == io.EOF {
			break
		}
		if err != nil {
			out.Flush()
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		each(&ev)
	}
	if !print {
		fmt.Fprintln(out, n)
	}
}
