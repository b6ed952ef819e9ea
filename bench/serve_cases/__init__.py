# SPDX-License-Identifier: Apache-2.0
"""The cases of bench/serve: each prints its tables and gives its ratios to the plot."""
