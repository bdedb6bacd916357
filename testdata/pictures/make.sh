#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# make.sh PROGRAM OUT: the pictures of the README, made by the program pictures from the traces beside this folder.
set -eu
export TZ=UTC
p=$1 out=$2
t=$(dirname "$0")/../traces
bad=$(dirname "$0")/../bad

"$p" "$t/mixed.trace" 118x40 "$out/explorer.svg" 'theme dark' 'goto 2461' 'mark a' 'goto 2493' 'mark b'
"$p" "$t/mixed.trace" 118x34 "$out/timeline.svg" 'theme dark' 'goto 2461' 'view timeline' maximize 'timeline g' zoom-all
"$p" "$t/mixed.trace" 118x34 "$out/goroutines.svg" 'theme dark' 'goto 2461' goroutines 'close timeline'
"$p" "$bad/flipped-bit.trace" 110x40 "$out/broken.svg" 'theme dark' 'close timeline' why
