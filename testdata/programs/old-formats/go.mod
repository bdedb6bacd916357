// SPDX-License-Identifier: GPL-3.0-or-later

module oldformats

go 1.11
