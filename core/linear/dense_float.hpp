// A dense layer in float: W[input][output], then bias[output].
//
// Written order:
//   forward  y_j starts from its bias and adds w_ij v_i from left to right, each product rounded before it is added.
//            Eight outputs go together, in eight registers of a microcontroller or one vector of a host
//   miss     e_j = y_j - x_j after y_j is complete; the sum of e_j^2 is that of lanes.hpp
//   pull     delta_i is the sum of lanes.hpp over w_ij e_j: row i lies side by side
//   push     each weight is changed once, w_ij + v_i g_j, the product rounded first
// Overflow is the caller's: it keeps v and w small.
#pragma once

#include "linear/dense_places.hpp"
#include "linear/dot.hpp"

namespace twinbit::dense {

namespace plain {

inline void forward(const float *layer, const float *v, float *y, std::uint32_t n, std::uint32_t m, Places) {
    for (std::size_t j = 0; j < m; ++j) {
        float sum = layer[std::size_t{n} * m + j];
        for (std::size_t i = 0; i < n; ++i) {
            sum += layer[i * m + j] * v[i];
        }
        y[j] = sum;
    }
}

inline float miss(const float *layer, const float *v, const float *x, float *e, std::uint32_t n, std::uint32_t m,
                  Places places) {
    plain::forward(layer, v, e, n, m, places);
    for (std::size_t j = 0; j < m; ++j) {
        e[j] -= x[j];
    }
    return dot(e, e, m);
}

inline void pull(const float *layer, const float *e, float *delta, std::uint32_t n, std::uint32_t m, Places) {
    for (std::size_t i = 0; i < n; ++i) {
        delta[i] = dot(layer + i * m, e, m);
    }
}

inline void push(float *layer, const float *v, const float *g, std::uint32_t n, std::uint32_t m, Places) {
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < m; ++j) {
            layer[i * m + j] += v[i] * g[j];
        }
    }
    for (std::size_t j = 0; j < m; ++j) {
        layer[std::size_t{n} * m + j] += g[j];
    }
}

inline float squares(const float *v, std::uint32_t n) { return dot(v, v, n); }

} // namespace plain

// y_j = b_j + sum_i w_ij v_i. y overlaps neither layer nor v.
void forward(const float *layer, const float *v, float *y, std::uint32_t n, std::uint32_t m, Places places = {});

// The output layer without an activation: e_j = y_j - x_j; returns the sum of e_j^2.
float miss(const float *layer, const float *v, const float *x, float *e, std::uint32_t n, std::uint32_t m,
           Places places = {});

// delta_i = sum_j w_ij e_j.
void pull(const float *layer, const float *e, float *delta, std::uint32_t n, std::uint32_t m, Places places = {});

// The sum of v_i^2, in lanes.
float squares(const float *v, std::uint32_t n);

// w_ij += v_i g_j, b_j += g_j.
void push(float *layer, const float *v, const float *g, std::uint32_t n, std::uint32_t m, Places places = {});

} // namespace twinbit::dense
