// A dense layer in float for hosts with AVX2: eight outputs, or eight lanes of a sum, in one vector.
//
// The written order is that of dense_float.hpp. AVX2 alone has no fused multiply-add, and the contract's flags forbid
// it where a build allows more. Lanes beyond the end are loaded as 0: no lane is ever -0, so their +0 changes none.
#pragma once

#include "linear/dense_places.hpp"

#include <immintrin.h>

#define TWINBIT_AVX2 __attribute__((target("avx2")))

namespace twinbit::dense::avx2 {

// The first n of eight numbers, n <= 8.
TWINBIT_AVX2 inline __m256i first(std::uint32_t n) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(n)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

// The sum of lanes.hpp.
TWINBIT_AVX2 inline float total(__m256 lanes) {
    const __m128 halves = _mm_add_ps(_mm256_castps256_ps128(lanes), _mm256_extractf128_ps(lanes, 1));
    const __m128 quarters = _mm_add_ps(halves, _mm_movehl_ps(halves, halves));
    return _mm_cvtss_f32(_mm_add_ss(quarters, _mm_shuffle_ps(quarters, quarters, 1)));
}

// `blocks` times eight outputs from j on: their sums don't wait for one another.
template <int blocks>
TWINBIT_AVX2 inline void forward_blocks(const float *layer, const float *v, float *y, std::size_t n, std::size_t m,
                                        std::size_t j) {
    __m256 sum[blocks];
    for (int b = 0; b < blocks; ++b) {
        sum[b] = _mm256_loadu_ps(layer + n * m + j + 8 * b);
    }
    for (std::size_t i = 0; i < n; ++i) {
        const __m256 x = _mm256_broadcast_ss(v + i);
        for (int b = 0; b < blocks; ++b) {
            sum[b] = _mm256_add_ps(sum[b], _mm256_mul_ps(_mm256_loadu_ps(layer + i * m + j + 8 * b), x));
        }
    }
    for (int b = 0; b < blocks; ++b) {
        _mm256_storeu_ps(y + j + 8 * b, sum[b]);
    }
}

TWINBIT_AVX2 inline void forward(const float *layer, const float *v, float *y, std::size_t n, std::size_t m) {
    std::size_t j = 0;
    for (; j + 32 <= m; j += 32) {
        forward_blocks<4>(layer, v, y, n, m, j);
    }
    for (; j + 16 <= m; j += 16) {
        forward_blocks<2>(layer, v, y, n, m, j);
    }
    for (; j + 8 <= m; j += 8) {
        forward_blocks<1>(layer, v, y, n, m, j);
    }
    if (j < m) {
        const __m256i some = first(static_cast<std::uint32_t>(m - j));
        __m256 sum = _mm256_maskload_ps(layer + n * m + j, some);
        for (std::size_t i = 0; i < n; ++i) {
            const __m256 w = _mm256_maskload_ps(layer + i * m + j, some);
            sum = _mm256_add_ps(sum, _mm256_mul_ps(w, _mm256_broadcast_ss(v + i)));
        }
        _mm256_maskstore_ps(y + j, some, sum);
    }
}

TWINBIT_AVX2 inline float miss(const float *layer, const float *v, const float *x, float *e, std::size_t n,
                               std::size_t m) {
    forward(layer, v, e, n, m);
    __m256 sum = _mm256_setzero_ps();
    std::size_t j = 0;
    for (; j + 8 <= m; j += 8) {
        const __m256 d = _mm256_sub_ps(_mm256_loadu_ps(e + j), _mm256_loadu_ps(x + j));
        _mm256_storeu_ps(e + j, d);
        sum = _mm256_add_ps(sum, _mm256_mul_ps(d, d));
    }
    if (j < m) {
        const __m256i some = first(static_cast<std::uint32_t>(m - j));
        const __m256 d = _mm256_sub_ps(_mm256_maskload_ps(e + j, some), _mm256_maskload_ps(x + j, some));
        _mm256_maskstore_ps(e + j, some, d);
        sum = _mm256_add_ps(sum, _mm256_mul_ps(d, d));
    }
    return total(sum);
}

TWINBIT_AVX2 inline float squares(const float *v, std::size_t n) {
    __m256 sum = _mm256_setzero_ps();
    std::size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        sum = _mm256_add_ps(sum, _mm256_mul_ps(_mm256_loadu_ps(v + i), _mm256_loadu_ps(v + i)));
    }
    if (i < n) {
        const __m256 rest = _mm256_maskload_ps(v + i, first(static_cast<std::uint32_t>(n - i)));
        sum = _mm256_add_ps(sum, _mm256_mul_ps(rest, rest));
    }
    return total(sum);
}

// `rows` sums at a time, each in its own order: they don't wait for one another.
template <int rows>
TWINBIT_AVX2 inline void pull_rows(const float *layer, const float *e, float *delta, std::size_t m) {
    __m256 sum[rows];
    for (int r = 0; r < rows; ++r) {
        sum[r] = _mm256_setzero_ps();
    }
    std::size_t j = 0;
    for (; j + 8 <= m; j += 8) {
        const __m256 x = _mm256_loadu_ps(e + j);
        for (int r = 0; r < rows; ++r) {
            sum[r] =
                _mm256_add_ps(sum[r], _mm256_mul_ps(_mm256_loadu_ps(layer + static_cast<std::size_t>(r) * m + j), x));
        }
    }
    if (j < m) {
        const __m256i some = first(static_cast<std::uint32_t>(m - j));
        const __m256 x = _mm256_maskload_ps(e + j, some);
        for (int r = 0; r < rows; ++r) {
            const __m256 w = _mm256_maskload_ps(layer + static_cast<std::size_t>(r) * m + j, some);
            sum[r] = _mm256_add_ps(sum[r], _mm256_mul_ps(w, x));
        }
    }
    for (int r = 0; r < rows; ++r) {
        delta[r] = total(sum[r]);
    }
}

TWINBIT_AVX2 inline void pull(const float *layer, const float *e, float *delta, std::size_t n, std::size_t m) {
    std::size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        pull_rows<4>(layer + i * m, e, delta + i, m);
    }
    for (; i < n; ++i) {
        pull_rows<1>(layer + i * m, e, delta + i, m);
    }
}

// `blocks` times eight columns from j on, down all rows: their g stay in registers.
template <int blocks>
TWINBIT_AVX2 inline void push_blocks(float *layer, const float *v, const float *g, std::size_t n, std::size_t m,
                                     std::size_t j) {
    __m256 step[blocks];
    for (int b = 0; b < blocks; ++b) {
        step[b] = _mm256_loadu_ps(g + j + 8 * b);
    }
    float *w = layer + j;
    for (std::size_t i = 0; i < n; ++i, w += m) {
        const __m256 x = _mm256_broadcast_ss(v + i);
        for (int b = 0; b < blocks; ++b) {
            _mm256_storeu_ps(w + 8 * b, _mm256_add_ps(_mm256_loadu_ps(w + 8 * b), _mm256_mul_ps(x, step[b])));
        }
    }
    for (int b = 0; b < blocks; ++b) {
        _mm256_storeu_ps(w + 8 * b, _mm256_add_ps(_mm256_loadu_ps(w + 8 * b), step[b]));
    }
}

TWINBIT_AVX2 inline void push(float *layer, const float *v, const float *g, std::size_t n, std::size_t m) {
    std::size_t j = 0;
    for (; j + 64 <= m; j += 64) {
        push_blocks<8>(layer, v, g, n, m, j);
    }
    for (; j + 32 <= m; j += 32) {
        push_blocks<4>(layer, v, g, n, m, j);
    }
    for (; j + 16 <= m; j += 16) {
        push_blocks<2>(layer, v, g, n, m, j);
    }
    for (; j + 8 <= m; j += 8) {
        push_blocks<1>(layer, v, g, n, m, j);
    }
    if (j < m) {
        const __m256i some = first(static_cast<std::uint32_t>(m - j));
        const __m256 step = _mm256_maskload_ps(g + j, some);
        float *w = layer + j;
        for (std::size_t i = 0; i <= n; ++i, w += m) {
            const __m256 x = i < n ? _mm256_broadcast_ss(v + i) : _mm256_set1_ps(1.0f);
            _mm256_maskstore_ps(w, some, _mm256_add_ps(_mm256_maskload_ps(w, some), _mm256_mul_ps(x, step)));
        }
    }
}

} // namespace twinbit::dense::avx2
