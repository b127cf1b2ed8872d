// Block scaling of segments: see power.hpp.
#include "signal/power.hpp"

namespace twinbit {

namespace {

constexpr int sample_bits = 29;

std::uint32_t mirrored(std::uint32_t i, std::uint32_t n) { return i <= n / 2 ? i : n - i; }

// The places to the left that bring the largest of n numbers to 2^28 ... 2^29; negative for numbers above. 0 if all are.
std::int32_t room(const std::int32_t *x, std::uint32_t n) {
    std::uint32_t any = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
        any |= static_cast<std::uint32_t>(x[i] < 0 ? ~x[i] : x[i]);
    }
    return any == 0 ? 0 : sample_bits - 32 + leading_zeros(any);
}

// The exponent of the largest of n numbers, -126 ... 126.
std::int32_t exponent(const float *x, std::uint32_t n) {
    std::uint32_t largest = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
        const std::uint32_t bits = float_bits(x[i]) & 0x7FFFFFFFu; // magnitudes have the order of their bits
        largest = bits > largest ? bits : largest;
    }
    const auto e = static_cast<std::int32_t>(largest >> 23) - 127;
    return e < -126 ? -126 : (e > 126 ? 126 : e);
}

} // namespace

std::int32_t load(const std::int32_t *x, std::uint32_t n, const std::int32_t *taper, std::int32_t *out,
                  std::uint32_t step) {
    const std::int32_t up = room(x, n); // at most 29
    for (std::uint32_t i = 0; i < n; ++i) {
        const std::int64_t weight = taper != nullptr ? taper[mirrored(i, n)] : std::int64_t{1} << 31;
        out[i * step] = static_cast<std::int32_t>(half_up(x[i] * weight, 31 - up)); // 2 ... 33 places
    }
    return -up;
}

std::int32_t load(const float *x, std::uint32_t n, const float *taper, float *out, std::uint32_t step) {
    const std::int32_t e = exponent(x, n);
    const float scale = pow2(-e);
    for (std::uint32_t i = 0; i < n; ++i) {
        const float weight = taper != nullptr ? taper[mirrored(i, n)] : 1.0f;
        out[i * step] = (x[i] * scale) * weight;
    }
    return e;
}

Amount<std::int32_t> energy(const std::int32_t *x, std::uint32_t n) {
    using P = Power<std::int32_t>;
    const std::uint64_t sum = P::sum(n, [x](std::uint32_t i) { return P::of(x[i], 0); });
    return P::is_large(sum) ? Amount<std::int32_t>{P::lower(sum, 1), 1} : Amount<std::int32_t>{sum, 0};
}

Amount<float> energy(const float *x, std::uint32_t n) {
    const std::int32_t e = exponent(x, n);
    const float scale = pow2(-e);
    return {lane_sum(n, [x, scale](std::size_t i) { return (x[i] * scale) * (x[i] * scale); }), e};
}

} // namespace twinbit
