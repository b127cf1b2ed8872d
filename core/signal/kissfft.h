/* KissFFT as the core uses it: a complex transform of n points, forward, out of place, in memory of the caller.
 *
 *   float         out[k] = sum in[j] exp(-2 pi i j k / n)
 *   fixed point   out[k] = sum in[j] exp(-2 pi i j k / n) / n, 32 bits, |in[j]| <= 2^30 sqrt(2)
 *
 * n = 2^a 3^b 5^c. Numbers are complex: real part, imaginary part. A state is made in two steps, since KissFFT's own
 * function takes sines in double precision from the C library: tb_kissfft_*_begin() writes the factors and says where
 * the n twiddles exp(-2 pi i k / n) go (Q0.31 in fixed point), and the caller writes those.
 */
#ifndef TWINBIT_SIGNAL_KISSFFT_H
#define TWINBIT_SIGNAL_KISSFFT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of a state without its twiddles, 8 for each of n, which follow. */
enum { TB_KISSFFT_STATE_BYTES = 264 };

float *tb_kissfft_float_begin(void *state, uint32_t n);
void tb_kissfft_float_run(const void *state, const float *in, float *out);

int32_t *tb_kissfft_fixed_begin(void *state, uint32_t n);
void tb_kissfft_fixed_run(const void *state, const int32_t *in, int32_t *out);

#ifdef __cplusplus
}
#endif

#endif
