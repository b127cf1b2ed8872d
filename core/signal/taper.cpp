// Tables of window functions: see taper.hpp.
#include "signal/taper.hpp"

#include "signal/fft.hpp"

namespace twinbit {

namespace {

struct Series {
    std::int32_t a[5]; // Q.30
    std::int32_t loss; // Q15.16
};

// Hann; Hamming; Blackman 0.42, 0.5, 0.08; flat top with the coefficients of D'Antona & Ferrero 2006.
constexpr Series series[tapers] = {
    {{1 << 30, 0, 0, 0, 0}, 0},
    {{1 << 29, 1 << 29, 0, 0, 0}, 46368},
    {{579820585, 493921239, 0, 0, 0}, 43625},
    {{450971566, 536870912, 85899346, 0, 0}, 56198},
    {{231476135, 447354753, 297709049, 89742211, 7459680}, 82338},
};

} // namespace

// Products are Q.62, below 2^62. Rounding may lift the middle over 1 by a unit: twiddle() limits it.
template <class T> void make_taper(Taper kind, std::uint32_t n, T *out) {
    const Series &s = series[static_cast<std::int32_t>(kind)];
    for (std::uint32_t k = 0; k <= n / 2; ++k) {
        std::int64_t sum = 0;
        for (std::uint32_t j = 0; j < 5; ++j) {
            const std::int64_t term = half_up(s.a[j] * turn(j * k % n, n).re, 30);
            sum += j % 2 == 0 ? term : -term;
        }
        out[k] = twiddle<T>(sum);
    }
}

std::int32_t taper_loss(Taper kind) { return series[static_cast<std::int32_t>(kind)].loss; }

template void make_taper(Taper, std::uint32_t, std::int32_t *);
template void make_taper(Taper, std::uint32_t, float *);

} // namespace twinbit
