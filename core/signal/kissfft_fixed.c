/* KissFFT on 32-bit fixed point: see kissfft.h. */

/* Inlined, the registers of all butterflies would lie in every level of the recursion: on a Cortex-M0 312 bytes of stack
 * each instead of 64, for as much flash. */
#if defined(__OPTIMIZE_SIZE__) && defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-inline")
#endif

#define FIXED_POINT 32
#define kiss_fft tb_kissfft_fixed
#define kiss_fft_stride tb_kissfft_fixed_stride
#define BEGIN tb_kissfft_fixed_begin
#define RUN tb_kissfft_fixed_run
#include "signal/kissfft_source.h"
