// Plans and splits of real transforms: see fft.hpp.
#include "signal/fft.hpp"

#include "numbers/divide.hpp"
#include "numbers/fixed_sin.hpp"

namespace twinbit {

bool is_fft_size(std::uint32_t n) {
    if (n < fft_least || n > fft_most || n % 2 != 0) {
        return false;
    }
    std::uint32_t left = n / 2;
    constexpr std::uint32_t primes[] = {2, 3, 5};
    for (const std::uint32_t prime : primes) {
        while (left % prime == 0) {
            left /= prime;
        }
    }
    return left == 1;
}

// The phase is rounded to 2^-32 of a turn, exact for quarter turns: sines of 0 are 0.
Turn turn(std::uint32_t k, std::uint32_t n) {
    const std::uint64_t phase = divide((std::uint64_t{k} << 32) + n / 2, n);
    const auto turns = static_cast<std::uint32_t>(phase);
    return {detail::cos_turns(turns), -detail::sin_turns(turns)};
}

template <> std::int32_t twiddle<std::int32_t>(std::int64_t q32) {
    return unit_into<Fixed<std::int32_t, 31>>(q32, 32).raw;
}

// By 2^-30: int32 to float is rounded once by every machine.
template <> float twiddle<float>(std::int64_t q32) {
    return static_cast<float>(static_cast<std::int32_t>(half_up(q32, 2))) * 0x1p-30f;
}

namespace {

template <class T> void circle(T *out, std::uint32_t count, std::uint32_t n) {
    for (std::uint32_t k = 0; k < count; ++k) {
        const Turn t = turn(k, n);
        out[2 * k] = twiddle<T>(t.re);
        out[2 * k + 1] = twiddle<T>(t.im);
    }
}

std::int32_t *begin(std::uint8_t *state, std::uint32_t m, std::int32_t) { return tb_kissfft_fixed_begin(state, m); }
float *begin(std::uint8_t *state, std::uint32_t m, float) { return tb_kissfft_float_begin(state, m); }

struct Pair {
    std::int64_t re;
    std::int64_t im;
};

// (s + t 2^-31) / 4, rounded once; |s| < 2^31, |t| < 2^62.
std::int32_t quarter(std::int64_t s, std::int64_t t) {
    return static_cast<std::int32_t>(half_up(s * (std::int64_t{1} << 31) + t, 33));
}

} // namespace

template <class T> void Fft<T>::settle() const {
    circle(begin(plan_, n_ / 2, T{}), n_ / 2, n_ / 2);
    circle(turns(), n_ / 4 + 1, n_);
}

template <> void Fft<std::int32_t>::complex(const std::int32_t *in, std::int32_t *out) const {
    tb_kissfft_fixed_run(plan_, in, out);
}
template <> void Fft<float>::complex(const float *in, float *out) const { tb_kissfft_float_run(plan_, in, out); }

template <> void Fft<std::int32_t>::split(std::int32_t *z) const {
    const std::int32_t *w = turns();
    const std::int64_t even = z[0];
    const std::int64_t odd = z[1];
    z[0] = static_cast<std::int32_t>(half_up(even + odd, 1));
    z[1] = static_cast<std::int32_t>(half_up(even - odd, 1));
    for (std::uint32_t k = 1; k <= n_ / 4; ++k) {
        std::int32_t *p = z + 2 * k;
        std::int32_t *q = z + n_ - 2 * k;
        const Pair sum = {std::int64_t{p[0]} + q[0], std::int64_t{p[1]} - q[1]};
        const Pair difference = {std::int64_t{p[0]} - q[0], std::int64_t{p[1]} + q[1]};
        // -i W (a - b) with W = w[0] + i w[1]
        const Pair turned = {w[2 * k] * difference.im + w[2 * k + 1] * difference.re,
                             w[2 * k + 1] * difference.im - w[2 * k] * difference.re};
        p[0] = quarter(sum.re, turned.re);
        p[1] = quarter(sum.im, turned.im);
        q[0] = quarter(sum.re, -turned.re);
        q[1] = quarter(-sum.im, turned.im);
    }
}

// GCC 12's vectoriser may fuse additions and subtractions of products in alternation, whatever -ffp-contract says.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-tree-vectorize")
#endif

template <> void Fft<float>::split(float *z) const {
    const float *w = turns();
    const float even = z[0];
    const float odd = z[1];
    z[0] = even + odd;
    z[1] = even - odd;
    for (std::uint32_t k = 1; k <= n_ / 4; ++k) {
        float *p = z + 2 * k;
        float *q = z + n_ - 2 * k;
        const float sum_re = p[0] + q[0];
        const float sum_im = p[1] - q[1];
        const float re = p[0] - q[0];
        const float im = p[1] + q[1];
        const float turned_re = w[2 * k] * im + w[2 * k + 1] * re;
        const float turned_im = w[2 * k + 1] * im - w[2 * k] * re;
        p[0] = 0.5f * (sum_re + turned_re);
        p[1] = 0.5f * (sum_im + turned_im);
        q[0] = 0.5f * (sum_re - turned_re);
        q[1] = 0.5f * (turned_im - sum_im);
    }
}

template class Fft<std::int32_t>;
template class Fft<float>;

} // namespace twinbit
