// A dense layer in float by eights.
//
// Eight floats side by side are what a microcontroller holds in eight registers and moves by one instruction, and a
// host in one or two vectors. Spelled out, since loops stay loops at -Os.
#pragma once

#include "linear/dense_places.hpp"
#include "linear/lanes.hpp"
#if defined(__ARM_FP) && defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
#include "linear/dense_vfp.hpp"
#define TWINBIT_FORWARD8
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
    TWINBIT_INLINE Eight less(const Eight &p) const {
        return {a - p.a, b - p.b, c - p.c, d - p.d, e - p.e, f - p.f, g - p.g, h - p.h};
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

#ifndef TWINBIT_FORWARD8
// y = bias + sum_i w_i v_i for eight outputs; a row of weights has m.
inline void forward8(const float *bias, const float *w, const float *v, float *y, std::uint32_t n, std::uint32_t m) {
    Eight sum = Eight::load(bias);
    for (const float *const end = v + n; v != end; ++v) {
        sum = sum.plus(Eight::load(w), *v);
        w += m;
    }
    sum.store(y);
}
#endif

inline void forward(const float *layer, const float *v, float *y, std::uint32_t n, std::uint32_t m, Places) {
    const float *const bias = layer + std::size_t{n} * m;
    std::size_t j = 0;
    for (; j + 8 <= m; j += 8) {
        forward8(bias + j, layer + j, v, y + j, n, m);
    }
    for (; j < m; ++j) {
        float sum = bias[j];
        for (std::size_t i = 0; i < n; ++i) {
            sum += layer[i * m + j] * v[i];
        }
        y[j] = sum;
    }
}

inline float miss(const float *layer, const float *v, const float *x, float *e, std::uint32_t n, std::uint32_t m,
                  Places places) {
    eight::forward(layer, v, e, n, m, places);
    Eight sum = {0, 0, 0, 0, 0, 0, 0, 0};
    for (const float *const end = e + (m & ~7u); e != end; e += 8, x += 8) {
        const Eight d = Eight::load(e).less(Eight::load(x));
        d.store(e);
        sum = sum.plus(d, d);
    }
    for (std::size_t k = 0; k < (m & 7); ++k) {
        e[k] -= x[k];
    }
    return sum.total(e, e, m & 7);
}

inline float squares(const float *v, std::uint32_t n) {
    Eight sum = {0, 0, 0, 0, 0, 0, 0, 0};
    for (; n >= 8; n -= 8, v += 8) {
        const Eight p = Eight::load(v);
        sum = sum.plus(p, p);
    }
    return sum.total(v, v, n);
}

inline void pull(const float *layer, const float *e, float *delta, std::uint32_t n, std::uint32_t m, Places) {
    const float *const end = e + (m & ~7u);
    for (const float *const last = delta + n; delta != last; ++delta) {
        Eight sum = {0, 0, 0, 0, 0, 0, 0, 0};
        for (const float *error = e; error != end; error += 8) {
            sum = sum.plus(Eight::load(layer), Eight::load(error));
            layer += 8;
        }
        *delta = sum.total(layer, end, m & 7);
        layer += m & 7;
    }
}

inline void push(float *layer, const float *v, const float *g, std::uint32_t n, std::uint32_t m, Places) {
    std::size_t j = 0;
    for (; j + 8 <= m; j += 8) {
        const Eight step = Eight::load(g + j);
        float *w = layer + j;
        for (const float *x = v; x != v + n; ++x) {
            Eight::load(w).plus(step, *x).store(w);
            w += m;
        }
    }
    float *const bias = layer + std::size_t{n} * m;
    for (; j < m; ++j) {
        for (std::size_t i = 0; i < n; ++i) {
            layer[i * m + j] += v[i] * g[j];
        }
    }
    for (j = 0; j < m; ++j) {
        bias[j] += g[j];
    }
}

} // namespace eight

} // namespace twinbit::dense
