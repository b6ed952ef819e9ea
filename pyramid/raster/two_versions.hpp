// SPDX-License-Identifier: Apache-2.0
// Loops that are compiled twice, for any processor and for AVX2, and chosen between when running. Internal to
// the sources that hold such loops.
#pragma once

// The bodies are inlined into both versions. AVX2 alone, without FMA, which would round otherwise.
#define ARDOISE_BODY [[gnu::always_inline]] inline
#if defined(__x86_64__)
#define ARDOISE_AVX2 [[gnu::target("avx2")]]
#else
#define ARDOISE_AVX2
#endif
