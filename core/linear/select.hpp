// Which of n regressors matter most: greedy forward selection by orthogonal least squares (Chen, Billings & Luo, Int. J.
// Control 50(5), 1989), on matrices of n x n only.
//
//   U = H^T H + ridge I, M = V V^T with V = H^T X (lower triangles by rows): what unit j explains of X alone is
//   M_jj / U_jj. The largest is taken, and the others are conditioned on it:
//     c_a = U_aj / U_jj;  U_ab -= c_a U_bj;  M_ab -= c_a M_bj + c_b M_aj - c_a c_b M_jj
#pragma once

#include "numbers/assumptions.hpp"

namespace twinbit {

// Sets bit j of `out` for every unit that is not among the `keep` taken; those set before are not asked. u and m are
// used up. Among equals the first is taken; what depends on taken ones alone (to 2^-18) explains nothing more.
// Cost: keep n^2 times 4 multiplications.
void select(float *u, float *m, std::uint32_t n, std::uint32_t keep, std::uint32_t *out);

} // namespace twinbit
