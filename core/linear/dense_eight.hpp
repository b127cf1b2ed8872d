// A dense layer in float by eights.
//
// Eight floats side by side are what a microcontroller holds in eight registers and moves by one instruction, and a
// host in one or two vectors. Spelled out, since loops stay loops at -Os.
#pragma once

#include "linear/dense_places.hpp"
#include "linear/lanes.hpp"
#if defined(__ARM_FP) && defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
#include "linear/dense_vfp.hpp"
#define TWINBIT_VFP
#endif

#define TWINBIT_INLINE inline __attribute__((always_inline))

namespace twinbit::dense {

struct Eight {
    float a, b, c, d, e, f, g, h;

    static TWINBIT_INLINE Eight load(const float *p) { return {p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]}; }
    TWINBIT_INLINE void store(float *p) const {
        p[0] = a;
        p[1] = b;
        p[2] = c;
        p[3] = d;
        p[4] = e;
        p[5] = f;
        p[6] = g;
        p[7] = h;
    }
    // each + p x
    TWINBIT_INLINE Eight plus(const Eight &p, float x) const {
        return {a + p.a * x, b + p.b * x, c + p.c * x, d + p.d * x, e + p.e * x, f + p.f * x, g + p.g * x, h + p.h * x};
    }
    TWINBIT_INLINE Eight plus(const Eight &p, const Eight &q) const {
        return {a + p.a * q.a, b + p.b * q.b, c + p.c * q.c, d + p.d * q.d,
                e + p.e * q.e, f + p.f * q.f, g + p.g * q.g, h + p.h * q.h};
    }
    // The sum of lanes.hpp, with n < 8 products p_k q_k more.
    TWINBIT_INLINE float total(const float *p, const float *q, std::uint32_t n) const {
        if (n == 0) {
            return ((a + e) + (c + g)) + ((b + f) + (d + h));
        }
        Lanes lanes;
        store(lanes.lane);
        for (std::size_t k = 0; k < n; ++k) {
            lanes.lane[k] += p[k] * q[k];
        }
        return lanes.total();
    }
};

namespace eight {

// The parts that a chip may have in assembly: dense_vfp.hpp.
#ifndef TWINBIT_VFP
// y = bias + sum_i w_i v_i for blocks > 0 times eight outputs; a row of weights has m.
inline void forward8(const float *bias, const float *w, const float *v, float *y, std::uint32_t n, std::uint32_t m,
                     std::uint32_t blocks) {
    for (; blocks != 0; --blocks, bias += 8, w += 8, y += 8) {
        Eight sum = Eight::load(bias);
        const float *row = w;
        for (const float *input = v; input != v + n; ++input) {
            sum = sum.plus(Eight::load(row), *input);
            row += m;
        }
        sum.store(y);
    }
}

// w_i += v_i g for eight outputs, and bias += g in the row after the last.
inline void push8(float *w, const float *v, const float *g, std::uint32_t n, std::uint32_t m) {
    const Eight step = Eight::load(g);
    for (const float *const end = v + n; v != end; ++v) {
        Eight::load(w).plus(step, *v).store(w);
        w += m;
    }
    Eight::load(w).plus(step, 1.0f).store(w);
}
#endif

inline void forward(const float *layer, const float *v, float *y, std::uint32_t n, std::uint32_t m, Places) {
    const float *const bias = layer + std::size_t{n} * m;
    if (m >= 8) {
        forward8(bias, layer, v, y, n, m, m / 8);
    }
    for (std::size_t j = m & ~7u; j < m; ++j) {
        float sum = bias[j];
        for (std::size_t i = 0; i < n; ++i) {
            sum += layer[i * m + j] * v[i];
        }
        y[j] = sum;
    }
}

// The sum of lanes.hpp over a b.
TWINBIT_INLINE float dot(const float *a, const float *b, std::uint32_t n) {
#ifdef TWINBIT_VFP
    if (n % 8 == 0 && n != 0) {
        return dot8(a, b, n / 8);
    }
#endif
    Eight sum = {0, 0, 0, 0, 0, 0, 0, 0};
    for (; n >= 8; n -= 8, a += 8, b += 8) {
        sum = sum.plus(Eight::load(a), Eight::load(b));
    }
    return sum.total(a, b, n);
}

inline float squares(const float *v, std::uint32_t n) { return eight::dot(v, v, n); }

inline float miss(const float *layer, const float *v, const float *x, float *e, std::uint32_t n, std::uint32_t m,
                  Places places) {
    eight::forward(layer, v, e, n, m, places);
#ifdef TWINBIT_VFP
    if (m % 8 == 0 && m != 0) {
        return miss8(e, x, m / 8);
    }
#endif
    for (std::size_t j = 0; j < m; ++j) {
        e[j] -= x[j];
    }
    return eight::squares(e, m);
}

inline void pull(const float *layer, const float *e, float *delta, std::uint32_t n, std::uint32_t m, Places) {
    for (const float *const end = delta + n; delta != end; ++delta) {
        *delta = eight::dot(layer, e, m);
        layer += m;
    }
}

inline void push(float *layer, const float *v, const float *g, std::uint32_t n, std::uint32_t m, Places) {
    std::size_t j = 0;
    for (; j + 8 <= m; j += 8) {
        push8(layer + j, v, g + j, n, m);
    }
    for (; j < m; ++j) {
        for (std::size_t i = 0; i < n; ++i) {
            layer[i * m + j] += v[i] * g[j];
        }
        layer[std::size_t{n} * m + j] += g[j];
    }
}

} // namespace eight

} // namespace twinbit::dense
