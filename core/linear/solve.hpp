// A z = h for a symmetric positive A, by its Cholesky factor, in float32 and in one written order, a row at a time.
//
// Matrices are lower triangles by rows, as in cholesky.hpp. The factor keeps 1 / l_ii in the place of l_ii: solving then
// has no division.
//
//   row i    l_ij = (a_ij - sum_{k<j} l_ik l_jk) / l_jj,  p = a_ii - sum_{k<i} l_ik^2,  l_ii = sqrt(p)
//   solve    t_i = (h_i - sum_{k<i} l_ik t_k) / l_ii for i from first to last;  then, for i from last to first,
//            z_i = t_i / l_ii and t_k -= l_ik z_i for k < i
//
// Every sum goes from left to right. An unknown whose pivot p does not exceed 2^-20 a_ii depends on those before it as
// far as float can tell, or the matrix is not positive at all (a forged image): it is left out, its row and its 1 / l_ii
// are 0, so z_i = 0.
#pragma once

#include "linear/cholesky.hpp"

namespace twinbit {

// Row i of a becomes that row of the factor; the rows before it are done.
// Cost: i^2 / 2 + i multiplications, i^2 / 2 subtractions, one square root and one division.
void factor_row(float *a, std::uint32_t i);

// z holds h and becomes A^-1 h. n^2 + n multiplications, n^2 subtractions. What is not finite in the end, as a forged
// image can make it, becomes 0.
void solve(const float *factor, float *z, std::uint32_t n);

// z as integers with one power of two: z_j = m_j 2^-e, |m_j| < 2^24, e in 0 ... 60. Returns e. The largest keep all of
// their bits.
int mantissas(const float *z, std::int32_t *m, std::uint32_t n);

} // namespace twinbit
