// Cholesky factor and triangular inverse.
#include "linear/cholesky.hpp"

#include "numbers/float_sqrt.hpp"

namespace twinbit {

namespace {

// a_ij - sum over k < j of l_ik l_jk
float reduced(const float *l, std::uint32_t i, std::uint32_t j) {
    const float *row_i = l + triangle(i);
    const float *row_j = l + triangle(j);
    float v = row_i[j];
    for (std::uint32_t k = 0; k < j; ++k) {
        v -= row_i[k] * row_j[k];
    }
    return v;
}

// Row i without its covariances: its own variance, at least `least`.
void stand_alone(float *row, std::uint32_t i, float least) {
    for (std::uint32_t j = 0; j < i; ++j) {
        row[j] = 0.0f;
    }
    row[i] = sqrt(row[i] > least ? row[i] : least);
}

} // namespace

void cholesky(float *a, std::uint32_t n, float least) {
    for (std::uint32_t i = 0; i < n; ++i) {
        for (std::uint32_t j = 0; j < i; ++j) {
            a[triangle_at(i, j)] = reduced(a, i, j) / a[triangle_at(j, j)];
        }
        const float pivot = reduced(a, i, i);
        if (pivot > least) {
            a[triangle_at(i, i)] = sqrt(pivot);
        } else { // also where it is no number
            stand_alone(a + triangle(i), i, least);
        }
    }
}

void invert_lower(float *l, std::uint32_t n) {
    for (std::uint32_t j = 0; j < n; ++j) {
        l[triangle_at(j, j)] = 1.0f / l[triangle_at(j, j)];
        for (std::uint32_t i = j + 1; i < n; ++i) {
            float sum = 0.0f;
            for (std::uint32_t k = j; k < i; ++k) { // column j above row i is inverted already, row i is not
                sum += l[triangle_at(i, k)] * l[triangle_at(k, j)];
            }
            l[triangle_at(i, j)] = -sum / l[triangle_at(i, i)];
        }
    }
}

} // namespace twinbit
