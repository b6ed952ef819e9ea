# SPDX-License-Identifier: Apache-2.0
"""The cases of bench/build: each prints its tables."""
