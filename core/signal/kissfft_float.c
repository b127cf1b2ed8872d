/* KissFFT on floats: see kissfft.h. */

/* Contraction is off here too (numbers/assumptions.hpp). That does not stop GCC 12's vectoriser: it makes vfmaddsub of a
 * complex multiplication on x86 with FMA, with other bits. KissFFT gains nothing from vectors. */
#ifndef TWINBIT_TEST_CONTRACTION
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off", "no-tree-vectorize")
#endif
#endif

/* For less stack: see kissfft_fixed.c. */
#if defined(__OPTIMIZE_SIZE__) && defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-inline")
#endif

#define kiss_fft tb_kissfft_float
#define kiss_fft_stride tb_kissfft_float_stride
#define BEGIN tb_kissfft_float_begin
#define RUN tb_kissfft_float_run
#include "signal/kissfft_source.h"
