// SPDX-License-Identifier: Apache-2.0
// What becomes of memory that a program gives back.
#pragma once

namespace ardoise {

/// Rasters of some megabytes come and go by the thousand. By default glibc gives each back to the kernel,
/// which clears every page again for the next one: a quarter of a warp's time. From now on blocks of up to
/// `largest` bytes stay with the process once they are free, and of the end of its heap up to `kept` bytes.
void keep_freed_memory(int largest, int kept);

} // namespace ardoise
