// A dense layer in fixed point for hosts with AVX2: eight weights at a time.
//
// Sums are exact in 64 bits, so that they are those of the plain form whatever their order. A product of 16 bits lies
// in the upper halves of 32: madd adds nothing to it from the lower ones, which are 0 on one side. Products of 32 bits
// come in fours, of the even and of the odd lanes. What is left of a row goes the plain way.
#pragma once

#include "linear/dense_fixed.hpp"

#include <immintrin.h>

#ifndef TWINBIT_AVX2
#define TWINBIT_AVX2 __attribute__((target("avx2")))
#endif

namespace twinbit::dense::avx2 {

TWINBIT_AVX2 inline __m256i eight(const std::int32_t *p) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i *>(p));
}
TWINBIT_AVX2 inline __m256i eight(const std::int16_t *p) {
    return _mm256_cvtepi16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i *>(p)));
}
TWINBIT_AVX2 inline __m256i odd(__m256i v) { return _mm256_srli_epi64(v, 32); }

// What eight weights and inputs add to four sums of 64 bits.
TWINBIT_AVX2 inline __m256i products(__m256i w, const std::int16_t *v) {
    const __m256i p = _mm256_madd_epi16(w, _mm256_slli_epi32(eight(v), 16));
    return _mm256_add_epi64(_mm256_cvtepi32_epi64(_mm256_castsi256_si128(p)),
                            _mm256_cvtepi32_epi64(_mm256_extracti128_si256(p, 1)));
}
TWINBIT_AVX2 inline __m256i products(__m256i w, const std::int32_t *v) {
    const __m256i x = eight(v);
    return _mm256_add_epi64(_mm256_mul_epi32(w, x), _mm256_mul_epi32(odd(w), odd(x)));
}

TWINBIT_AVX2 inline std::uint64_t total(__m256i sum) {
    const __m128i half = _mm_add_epi64(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    std::uint64_t parts[2];
    std::memcpy(parts, &half, sizeof parts);
    return parts[0] + parts[1];
}

// plain::weigh of a row.
template <class V> TWINBIT_AVX2 inline std::uint64_t weigh(const std::int32_t *w, const V *v, std::uint32_t n) {
    __m256i sum = _mm256_setzero_si256();
    std::uint32_t i = 0;
    for (; i + 8 <= n; i += 8) {
        sum = _mm256_add_epi64(sum, products(eight(w + i), v + i));
    }
    return total(sum) + plain::weigh(w + i, v + i, n - i, sizeof(V) == 2 ? 16 : 0);
}

template <class V> TWINBIT_AVX2 inline std::uint64_t squares(const V *v, std::uint32_t n) {
    __m256i sum = _mm256_setzero_si256();
    std::uint32_t i = 0;
    for (; i + 8 <= n; i += 8) {
        const __m256i x = eight(v + i);
        sum = _mm256_add_epi64(sum, _mm256_add_epi64(_mm256_mul_epi32(x, x), _mm256_mul_epi32(odd(x), odd(x))));
    }
    return total(sum) + plain::squares(v + i, n - i);
}

TWINBIT_AVX2 inline void forward(const std::int32_t *layer, const std::int16_t *v, std::int32_t *y, std::uint32_t n,
                                 std::uint32_t m, Places places) {
    for (std::size_t j = 0; j < m; ++j) {
        const std::int64_t bias = layer[std::size_t{n} * m + j] >> (16 - places.in);
        const std::uint64_t sum = static_cast<std::uint64_t>(bias) + weigh(layer + j * n, v, n);
        y[j] = plain::rounded(sum, half_places + places.in - places.out);
    }
}
TWINBIT_AVX2 inline void forward(const std::int32_t *layer, const std::int32_t *v, std::int32_t *y, std::uint32_t n,
                                 std::uint32_t m, Places places) {
    for (std::size_t j = 0; j < m; ++j) {
        const std::uint64_t bias = plain::product(layer[std::size_t{n} * m + j], std::int32_t{1} << places.in);
        y[j] = plain::rounded(bias + weigh(layer + j * n, v, n), weight_places + places.in - places.out);
    }
}

TWINBIT_AVX2 inline std::uint64_t miss(const std::int32_t *layer, const std::int16_t *v, const std::int16_t *x,
                                       std::int16_t *e, std::uint32_t n, std::uint32_t m, Places places) {
    for (std::size_t j = 0; j < m; ++j) {
        const std::int64_t bias = layer[std::size_t{n} * m + j] >> (16 - places.in);
        const std::int64_t sample = std::int64_t{x[j]} * (1 << (places.in - 1));
        const std::uint64_t sum = static_cast<std::uint64_t>(bias - sample) + weigh(layer + j * n, v, n);
        e[j] = clamp_to<std::int16_t, Saturate>(half_up(static_cast<std::int64_t>(sum), places.in));
    }
    return squares(e, m);
}
TWINBIT_AVX2 inline std::uint64_t miss(const std::int32_t *layer, const std::int32_t *v, const std::int32_t *x,
                                       std::int32_t *e, std::uint32_t n, std::uint32_t m, Places places) {
    constexpr std::int32_t limit = (1 << 24) - 1;
    for (std::size_t j = 0; j < m; ++j) {
        const std::uint64_t bias = plain::product(layer[std::size_t{n} * m + j], std::int32_t{1} << places.in);
        const std::uint64_t sample = plain::product(x[j], std::int32_t{1} << (7 + places.in));
        const std::int32_t d = plain::rounded(bias - sample + weigh(layer + j * n, v, n), 7 + places.in);
        e[j] = d > limit ? limit : (d < -limit ? -limit : d);
    }
    return squares(e, m);
}

// Eight weights of a row after their step.
template <int drop> TWINBIT_AVX2 inline __m256i moved(__m256i w, __m256i v, __m256i g) {
    const __m256i half = _mm256_set1_epi64x(std::int64_t{1} << (drop - 1));
    const __m256i evens = _mm256_srli_epi64(_mm256_add_epi64(_mm256_mul_epi32(v, g), half), drop);
    const __m256i odds = _mm256_slli_epi64(_mm256_add_epi64(_mm256_mul_epi32(odd(v), g), half), 32 - drop);
    const __m256i step = _mm256_blend_epi32(evens, odds, 0xAA); // below 2^31: the lower 32 bits are all of it
    const __m256i sum = _mm256_add_epi32(w, step);
    const __m256i over = _mm256_and_si256(_mm256_xor_si256(w, sum), _mm256_xor_si256(step, sum));
    const __m256i end = _mm256_xor_si256(_mm256_srai_epi32(w, 31), _mm256_set1_epi32(INT32_MAX));
    return _mm256_castps_si256(
        _mm256_blendv_ps(_mm256_castsi256_ps(sum), _mm256_castsi256_ps(end), _mm256_castsi256_ps(over)));
}

template <class V>
TWINBIT_AVX2 inline void push(std::int32_t *layer, const V *v, const std::int32_t *g, std::uint32_t n, std::uint32_t m,
                              Places places) {
    constexpr int drop = sizeof(V) == 2 ? 16 : 24;
    for (std::size_t j = 0; j < m; ++j) {
        std::int32_t *w = layer + j * n;
        const __m256i gradient = _mm256_set1_epi32(g[j]);
        std::uint32_t i = 0;
        for (; i + 8 <= n; i += 8) {
            _mm256_storeu_si256(reinterpret_cast<__m256i *>(w + i), moved<drop>(eight(w + i), eight(v + i), gradient));
        }
        for (; i < n; ++i) {
            w[i] = plain::moved(w[i], static_cast<std::int32_t>(half_up(std::int64_t{g[j]} * v[i], drop)));
        }
        std::int32_t &bias = layer[std::size_t{n} * m + j];
        bias = plain::moved(bias, half_up(g[j], drop - places.in));
    }
}

// Eight deltas: sums down eight columns.
TWINBIT_AVX2 inline void columns(const std::int32_t *w, const std::int16_t *e, std::uint64_t *sums, std::uint32_t n,
                                 std::uint32_t m) {
    __m256i low = _mm256_setzero_si256();
    __m256i high = low;
    for (std::size_t j = 0; j < m; ++j) {
        const __m256i p = _mm256_madd_epi16(eight(w + j * n), _mm256_slli_epi32(_mm256_set1_epi32(e[j]), 16));
        low = _mm256_add_epi64(low, _mm256_cvtepi32_epi64(_mm256_castsi256_si128(p)));
        high = _mm256_add_epi64(high, _mm256_cvtepi32_epi64(_mm256_extracti128_si256(p, 1)));
    }
    std::memcpy(sums, &low, sizeof low);
    std::memcpy(sums + 4, &high, sizeof high);
}
TWINBIT_AVX2 inline void columns(const std::int32_t *w, const std::int32_t *e, std::uint64_t *sums, std::uint32_t n,
                                 std::uint32_t m) {
    __m256i evens = _mm256_setzero_si256();
    __m256i odds = evens;
    for (std::size_t j = 0; j < m; ++j) {
        const __m256i parts = _mm256_srai_epi32(eight(w + j * n), 9);
        const __m256i x = _mm256_set1_epi32(e[j]);
        evens = _mm256_add_epi64(evens, _mm256_mul_epi32(parts, x));
        odds = _mm256_add_epi64(odds, _mm256_mul_epi32(odd(parts), x));
    }
    const __m256i first = _mm256_unpacklo_epi64(evens, odds);  // 0 1 4 5
    const __m256i second = _mm256_unpackhi_epi64(evens, odds); // 2 3 6 7
    const __m256i low = _mm256_permute2x128_si256(first, second, 0x20);
    const __m256i high = _mm256_permute2x128_si256(first, second, 0x31);
    std::memcpy(sums, &low, sizeof low);
    std::memcpy(sums + 4, &high, sizeof high);
}

template <class E>
TWINBIT_AVX2 inline void pull(const std::int32_t *layer, const E *e, std::int32_t *delta, std::uint32_t n,
                              std::uint32_t m, Places places) {
    constexpr bool halves = sizeof(E) == 2;
    const int shift = (halves ? half_places : pull_places) + places.in - places.out;
    std::uint32_t i = 0;
    for (; i + 8 <= n; i += 8) {
        std::uint64_t sums[8];
        columns(layer + i, e, sums, n, m);
        for (std::uint32_t k = 0; k < 8; ++k) {
            delta[i + k] = plain::rounded(sums[k], shift);
        }
    }
    for (; i < n; ++i) {
        delta[i] = plain::rounded(plain::weigh(layer + i, e, m, halves ? 16 : 9, n), shift);
    }
}

} // namespace twinbit::dense::avx2
