// SPDX-License-Identifier: GPL-3.0-or-later

module manythreads

go 1.22
