#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# bundle.sh FILE...: lessons as C source, for the program to have them wherever it is installed. See ui/lesson.h.
set -eu
echo '#include "ui/lesson.h"'
n=0
for file in "$@"; do
	n=$((n + 1))
	echo "static const unsigned char lesson_$n[] = {"
	od -An -v -tu1 "$file" | sed 's/[0-9][0-9]*/&,/g'
	echo '};'
done
echo 'const struct lesson_file lesson_files[] = {'
n=0
for file in "$@"; do
	n=$((n + 1))
	name=${file##*/}
	echo "{ \"${name%.lesson}\", lesson_$n, sizeof lesson_$n },"
done
echo '{ 0, 0, 0 } };'
