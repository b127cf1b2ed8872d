// Cholesky factor of a covariance and its inverse, in float32 and in one written order.
//
// Matrices are lower triangles by rows: element (i, j), j <= i, at i (i + 1) / 2 + j.
#pragma once

#include "numbers/assumptions.hpp"

namespace twinbit {

constexpr std::uint32_t triangle(std::uint32_t n) { return n * (n + 1) / 2; }
constexpr std::uint32_t triangle_at(std::uint32_t i, std::uint32_t j) { return triangle(i) + j; }

// A = L L^T in place, row by row, every inner product from left to right (Golub & Van Loan, Matrix Computations,
// 4.2.5).
// A feature whose pivot does not exceed least is taken as independent of those before it, with a variance of at least
// least: sums that rounding or a forged image made indefinite still give a finite factor (each row's squares add up
// to at most its diagonal; a pivot of least in its place would let the rows below grow without bound).
// In: a, n (n + 1) / 2 floats, finite; least > 0.
void cholesky(float *a, std::uint32_t n, float least);

// L -> L^-1 in place, column by column.
void invert_lower(float *l, std::uint32_t n);

} // namespace twinbit
