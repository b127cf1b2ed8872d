// Everything twinbit takes for granted about compiler and machine, asserted in one place. Included first everywhere.
#pragma once

#include <cfloat>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <limits>

// Same bits need every product rounded before it is added. The build says -ffp-contract=off; these lines say it again
// for users who cannot set flags (Arduino). The parity test defines TWINBIT_TEST_CONTRACTION to see itself fail.
#ifndef TWINBIT_TEST_CONTRACTION
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#else
#error "twinbit: compile with GCC or clang, or state here how your compiler turns contraction off"
#endif
#endif

#if defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__)
#error "twinbit: -ffast-math and its parts change results; build twinbit without them"
#endif

#if defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__
#error "twinbit: -ffinite-math-only removes the checks for NaN; build twinbit without it"
#endif

// GCC 12 at -O2 writes a conversion for Cortex-M55 that binutils 2.40 refuses; without this pass it does not.
#if defined(__ARM_FEATURE_MVE) && !defined(__clang__)
#pragma GCC optimize("no-if-conversion2")
#endif

// GCC 12 at -O2 and -O3 may address an array through another one's pointer, with a base of 0, then takes the function for
// one that stores nothing and drops calls of it (a bank's means stayed 0 so). With this it does not look at the base.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-delete-null-pointer-checks")
#endif

// GCC 12 tells callers in the same file which registers a function leaves alone. On Thumb-1 it forgets those that -Os pops
// only to free stack: a caller kept a pointer in r1 over a call that ended in "pop {r1, r2, r3, ...}". (core/DESIGN.md)
#if defined(__thumb__) && !defined(__thumb2__) && !defined(__clang__)
#pragma GCC optimize("no-ipa-ra")
#endif

namespace twinbit {

static_assert(CHAR_BIT == 8, "bytes have 8 bits");
static_assert(FLT_EVAL_METHOD == 0, "float expressions are evaluated in float (on 32-bit x86: -msse2 -mfpmath=sse)");
static_assert(std::numeric_limits<float>::is_iec559 && sizeof(float) == 4 && FLT_MANT_DIG == 24, "IEEE 754 binary32");
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "little-endian: images are plain memory");
static_assert((-3 >> 1) == -2 && (std::int64_t{-3} >> 1) == -2, "right shift of negative numbers is arithmetic");
static_assert(static_cast<std::int16_t>(0x8000u) == INT16_MIN, "narrowing conversions wrap (two's complement)");

} // namespace twinbit
