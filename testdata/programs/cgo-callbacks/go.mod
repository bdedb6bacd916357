// SPDX-License-Identifier: GPL-3.0-or-later

module callbacks

go 1.22
