// y = M x, in each arithmetic.
//
// Written order in F32: for each output, inputs from left to right, each product rounded before it is added. M lies by
// inputs, M[input][output]: eight outputs go together, in eight registers of a microcontroller or one vector of a
// host, and no sum is ever split, so both give the same bits.
// Fixed point: M lies by outputs, M[output][input], for long rows of 16-bit pairs. Sums are exact in 64 bits (dot.hpp).
#pragma once

#include "linear/dot.hpp"

namespace twinbit {

// y_j = sum_i M[i][j] x_i for j < outputs.
inline void matvec(const float *m, const float *x, float *y, std::uint32_t inputs, std::uint32_t outputs) {
    for (std::uint32_t j = 0; j < outputs; j += 8) {
        const std::uint32_t width = outputs - j < 8 ? outputs - j : 8;
        float sum[8] = {};
        for (std::uint32_t i = 0; i < inputs; ++i) {
            const float *row = m + i * outputs + j;
            for (std::uint32_t k = 0; k < width; ++k) {
                sum[k] += row[k] * x[i];
            }
        }
        for (std::uint32_t k = 0; k < width; ++k) {
            y[j + k] = sum[k];
        }
    }
}

// y_j = sum_i M[j][i] x_i, exact.
template <class Weight, class Sample>
inline void matvec(const Weight *m, const Sample *x, std::int64_t *y, std::uint32_t inputs, std::uint32_t outputs) {
    for (std::uint32_t j = 0; j < outputs; ++j) {
        y[j] = dot(m + j * inputs, x, inputs);
    }
}

} // namespace twinbit
