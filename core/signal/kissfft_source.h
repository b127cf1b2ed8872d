/* KissFFT's source, unmodified, with the functions of kissfft.h around it. Included once for each scalar, by a file that
 * names BEGIN and RUN (and FIXED_POINT), and new names for the two functions that KissFFT exports.
 *
 * KISS_FFT_MALLOC is NULL: nothing can be allocated, and the compiler sees that the generic butterfly returns at once and
 * drops it. NDEBUG: no message is printed, so no stdio is linked.
 */
#ifndef NDEBUG
#define NDEBUG
#endif
#define KISS_FFT_MALLOC(bytes) NULL
#define KISS_FFT_FREE(memory) ((void)(memory))

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Once declared static they stay so, and nobody calls them: no sine of the C library is linked. */
struct kiss_fft_state;
static struct kiss_fft_state *kiss_fft_alloc(int, int, void *, size_t *);
static void kiss_fft_cleanup(void);
static int kiss_fft_next_fast_size(int);

#include <kiss_fft.c>

#include "signal/kissfft.h"

/* The twiddles lie where kissfft.h says. */
typedef char tb_state_is_as_long_as_said[offsetof(struct kiss_fft_state, twiddles) == TB_KISSFFT_STATE_BYTES ? 1 : -1];
typedef char tb_scalar_has_4_bytes[sizeof(kiss_fft_cpx) == 8 ? 1 : -1];

/* Fours first, then 2, 3, 5, as KissFFT orders them: pairs of a factor and what is left. */
kiss_fft_scalar *BEGIN(void *state, uint32_t n) {
    static const int primes[4] = {4, 2, 3, 5};
    struct kiss_fft_state *st = (struct kiss_fft_state *)state;
    int left = (int)n;
    int *factor = st->factors;
    int i = 0;
    st->nfft = left;
    st->inverse = 0;
    while (i < 4) {
        if (left > 1 && left % primes[i] == 0) {
            left /= primes[i];
            *factor++ = primes[i];
            *factor++ = left;
        } else {
            ++i;
        }
    }
    return (kiss_fft_scalar *)((char *)state + TB_KISSFFT_STATE_BYTES);
}

void RUN(const void *state, const kiss_fft_scalar *in, kiss_fft_scalar *out) {
    kiss_fft((struct kiss_fft_state *)state, (const kiss_fft_cpx *)in, (kiss_fft_cpx *)out);
}

#ifdef __cplusplus
}
#endif
