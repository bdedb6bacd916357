// SPDX-License-Identifier: GPL-3.0-or-later

module allocfree

go 1.23
