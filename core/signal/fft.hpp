// The transform of n real samples, n = 64 ... 4096 even with n/2 = 2^a 3^b 5^c: KissFFT on n/2 complex points and a
// split into even and odd samples around it. The number type is float (F32) or int32 (Q15 and Q31).
//
//   X[k] = sum x[j] exp(-2 pi i j k / n), k = 0 ... n/2     float
//   X[k] / n                                               fixed point, |x| <= 2^29
//
// With z[j] = x[2j] + i x[2j+1], m = n/2, Z its transform, a = Z[k], b = conj Z[m-k], W = exp(-2 pi i k / n):
//   X[k] = (a + b)/2 - i W (a - b)/2,   X[m-k] = conj((a + b)/2 + i W (a - b)/2)   (Sorensen et al. 1987)
//
// Scaling: fixed-point KissFFT halves with every factor of two, so |Z| <= 2^29.5; the split has one rounding, from 64
// bits, of sums below 2^63. Signals come in normalised (spectrum_numbers.hpp), so that quiet ones keep their bits.
// Errors: F32 130 dB below the signal, fixed point 128 dB (noise, n = 4096) to 145; see tests/unit/test_fft.cpp.
#pragma once

#include "memory/layout.hpp"
#include "numbers/round.hpp"
#include "signal/kissfft.h"

namespace twinbit {

inline constexpr std::uint32_t fft_least = 64;
inline constexpr std::uint32_t fft_most = 4096;

// A size that real transforms are made for.
bool is_fft_size(std::uint32_t n);

// Numbers in a plan, in the memory of the caller: KissFFT's state of n/2 points, then exp(-2 pi i k / n) for k = 0 ... n/4.
constexpr std::uint32_t fft_plan_bytes(std::uint32_t n) {
    return align8(TB_KISSFFT_STATE_BYTES + 4 * n) + 8 * (n / 4 + 1);
}

template <class T> class Fft {
  public:
    Fft(std::uint8_t *plan, std::uint32_t n) : plan_(plan), n_(n) {}

    // Fills the plan.
    void settle() const;

    // Of n/2 complex points.
    void complex(const T *in, T *out) const;

    // Of n real samples; `out` has n numbers: X[0] and X[n/2], which are real, then X[1] ... X[n/2 - 1].
    void real(const T *in, T *out) const {
        complex(in, out);
        split(out);
    }

  private:
    void split(T *z) const;
    T *turns() const { return at<T>(plan_, align8(TB_KISSFFT_STATE_BYTES + 4 * n_)); }

    std::uint8_t *plan_;
    std::uint32_t n_;
};

// cos and -sin of 2 pi k / n, k <= n, n <= 2^16: a point of the circle, clockwise, in Q.32.
struct Turn {
    std::int64_t re;
    std::int64_t im;
};
Turn turn(std::uint32_t k, std::uint32_t n);

// A number of Q.32 within +-1 as a twiddle: Q0.31, where 1 is the largest value, or float.
template <class T> T twiddle(std::int64_t q32);

} // namespace twinbit
