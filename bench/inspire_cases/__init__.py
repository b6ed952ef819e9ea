# SPDX-License-Identifier: Apache-2.0
"""The pieces of bench/inspire: which maps are asked for, and how."""
