# SPDX-License-Identifier: Apache-2.0
"""What the journeys share: the programs, the data, the pictures and their measures."""
