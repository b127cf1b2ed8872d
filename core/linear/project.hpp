// Projections on a direction e of length 1 in Q.30, of vectors u with |u| < 2^30.1: exact sums, one rounding.
//
//   project    p = floor(sum u_i e_i + 1/2)
//   take_out   u_i -= floor(p e_i + 1/2)
//
// With 16 bits of e (Places 15) a product is made of two of 32 bits: u = h 2^15 + l, and u e = h e 2^15 + l e. By
// Cauchy and Schwarz the sum of h e stays below 2^30.2. A chip without long multiplication takes a third of the time
// so; others multiply at once. Both are exact: the same bits.
#pragma once

#include "numbers/assumptions.hpp"

namespace twinbit {

// floor(v 2^-s + 1/2) for results of 31 bits, s constant: the carry can't overflow.
template <int S> inline std::int32_t rounded(std::int64_t v) {
    return static_cast<std::int32_t>((v + (std::int64_t{1} << (S - 1))) >> S);
}

// The same for s > 0 that is known only now.
inline std::int32_t rounded(std::int64_t v, int s) { return static_cast<std::int32_t>(((v >> (s - 1)) + 1) >> 1); }

template <int Places> struct Projection;

template <> struct Projection<30> {
    static std::int32_t project(const std::int32_t *u, const std::int32_t *e, std::uint32_t n) {
        std::int64_t sum = 0;
        for (std::size_t i = 0; i < n; ++i) {
            sum += std::int64_t{u[i]} * e[i];
        }
        return rounded<30>(sum);
    }
    static void take_out(std::int32_t *u, const std::int32_t *e, std::int32_t p, std::uint32_t n) {
        for (std::size_t i = 0; i < n; ++i) {
            u[i] -= rounded<30>(std::int64_t{p} * e[i]);
        }
    }
};

template <> struct Projection<15> {
    static std::int32_t project(const std::int32_t *u, const std::int32_t *e, std::uint32_t n) {
#if defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__)
        return rounded<15>(short_products(u, e, n));
#else
        return rounded<15>(long_products(u, e, n));
#endif
    }
    static void take_out(std::int32_t *u, const std::int32_t *e, std::int32_t p, std::uint32_t n) {
        const std::int32_t high = p >> 15;
        const std::int32_t low = p & 0x7FFF;
        for (std::size_t i = 0; i < n; ++i) {
            const std::int32_t e15 = upper(e[i]);
            u[i] -= high * e15 + ((low * e15 + 0x4000) >> 15);
        }
    }

    // sum u_i e_i in two forms: every machine has both for the tests.
    static std::int64_t long_products(const std::int32_t *u, const std::int32_t *e, std::uint32_t n) {
        std::int64_t sum = 0;
        for (std::size_t i = 0; i < n; ++i) {
            sum += std::int64_t{u[i]} * upper(e[i]);
        }
        return sum;
    }
    static std::int64_t short_products(const std::int32_t *u, const std::int32_t *e, std::uint32_t n) {
        std::int32_t high = 0;
        std::int64_t low = 0;
        for (std::size_t i = 0; i < n; ++i) {
            const std::int32_t e15 = upper(e[i]);
            high += (u[i] >> 15) * e15;
            low += (u[i] & 0x7FFF) * e15;
        }
        return std::int64_t{high} * 0x8000 + low;
    }

  private:
    static std::int32_t upper(std::int32_t e) { return (e + 0x4000) >> 15; }
};

} // namespace twinbit
