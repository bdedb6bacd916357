// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !go1.23

package main

import "context"

// coroutines came with Go 1.23.
func coroutines(context.Context, int) {}
