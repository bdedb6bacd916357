// SPDX-License-Identifier: GPL-3.0-or-later

module mixed

go 1.22
