// A dense layer in fixed point: W[output][input], then bias[output], all int32 in Q4.27.
//
// Inputs v decide the arithmetic: 16 bits take the upper half of a weight (Q4.11) into their products, 32 bits all of
// it. Sums are exact in 64 bits, so their order is free; each is rounded once, half up, and then limited to 32 bits.
//
//            16 bits of v or e                     32 bits                               exact for
//   forward  sum (w_ji >> 16) v_i in Q.(11 + in)   sum w_ji v_i in Q.(27 + in)           n <= 2^17; n <= 510
//   pull     sum (w_ji >> 16) e_j in Q.(11 + in)   sum (w_ji >> 9) e_j in Q.(18 + in)    m <= 2^17; m <= 1023
//   push     w + half_up(g_j v_i, 16)              w + half_up(g_j v_i, 24)              limited to +-16
//   miss     e_j = y_j - x_j from the exact sum, rounded once: Q4.11, or Q.20 limited to +-16
//
// Inputs are samples (Q3.12, Q.20), what tanh gives (Q0.15, Q.23) or what is limited to samples' range: |v| <= 32767,
// since cores without long multiplication add products in pairs, or |v| < 2^23. e may be any 16 or 32 bits: pull goes
// by it, so deltas of Q15, which have 32 bits, take more bits of a weight. Beyond the bounds sums are modulo 2^64, so
// nothing is undefined.
// A bias is the weight of an input of 1: forward adds as many of its bits as the sum has places for, push adds
// half_up(g_j, 16 - in) or half_up(g_j, 24 - in).
// g has 43 - in fraction bits for 16-bit inputs and 51 - in for 32 bits: then g v >> 16 or 24 is in Q.27, without a
// shift by a variable.
// Arrays of 16 bits begin at addresses that 4 divides.
#pragma once

#include "linear/dense_places.hpp"
#include "numbers/bits.hpp"
#include "numbers/round.hpp"

namespace twinbit::dense {

// Fraction bits of weights, and of their parts that enter products: upper halves; pull's with 32 bits of e.
inline constexpr int weight_places = 27;
inline constexpr int half_places = 11;
inline constexpr int pull_places = 18;

// Inputs that forward's sums are exact for in Q31.
inline constexpr std::uint32_t exact_inputs = 510;

namespace plain {

// half_up(sum 2^-shift) limited to 32 bits, 1 <= shift <= 31. By halves: cores of 32 bits have no shift of 64.
inline std::int32_t rounded(std::uint64_t sum, int shift) {
    const auto low = static_cast<std::uint32_t>(sum);
    const auto high = static_cast<std::int32_t>(sum >> 32);
    const std::uint32_t carry = (low >> (shift - 1)) & 1;
    const std::uint32_t r = ((low >> shift) | (static_cast<std::uint32_t>(high) << (32 - shift))) + carry;
    const std::int32_t rest = (high >> shift) + (r < carry ? 1 : 0);
    const auto v = static_cast<std::int32_t>(r);
    return rest == v >> 31 ? v : (rest >> 31) ^ INT32_MAX;
}

// Products modulo 2^64.
inline std::uint64_t product(std::int32_t a, std::int32_t b) { return static_cast<std::uint64_t>(std::int64_t{a} * b); }

// sum_i (w_i >> drop) v_i for a row (stride 1) or a column of W.
template <class V>
inline std::uint64_t weigh(const std::int32_t *w, const V *v, std::uint32_t n, int drop, std::uint32_t stride = 1) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
        sum += product(w[i * stride] >> drop, v[i]);
    }
    return sum;
}

inline void forward(const std::int32_t *layer, const std::int16_t *v, std::int32_t *y, std::uint32_t n, std::uint32_t m,
                    Places places) {
    for (std::size_t j = 0; j < m; ++j) {
        const std::int64_t bias = layer[std::size_t{n} * m + j] >> (16 - places.in);
        const std::uint64_t sum = static_cast<std::uint64_t>(bias) + weigh(layer + j * n, v, n, 16);
        y[j] = rounded(sum, half_places + places.in - places.out);
    }
}

inline void forward(const std::int32_t *layer, const std::int32_t *v, std::int32_t *y, std::uint32_t n, std::uint32_t m,
                    Places places) {
    for (std::size_t j = 0; j < m; ++j) {
        const std::uint64_t bias = product(layer[std::size_t{n} * m + j], std::int32_t{1} << places.in);
        y[j] = rounded(bias + weigh(layer + j * n, v, n, 0), weight_places + places.in - places.out);
    }
}

inline std::uint64_t miss(const std::int32_t *layer, const std::int16_t *v, const std::int16_t *x, std::int16_t *e,
                          std::uint32_t n, std::uint32_t m, Places places) {
    std::uint64_t squares = 0;
    for (std::size_t j = 0; j < m; ++j) {
        const std::int64_t bias = layer[std::size_t{n} * m + j] >> (16 - places.in);
        const std::int64_t sample = std::int64_t{x[j]} * (1 << (places.in - 1));
        const std::uint64_t sum = static_cast<std::uint64_t>(bias - sample) + weigh(layer + j * n, v, n, 16);
        e[j] = clamp_to<std::int16_t, Saturate>(half_up(static_cast<std::int64_t>(sum), places.in));
        squares += product(e[j], e[j]);
    }
    return squares;
}

inline std::uint64_t miss(const std::int32_t *layer, const std::int32_t *v, const std::int32_t *x, std::int32_t *e,
                          std::uint32_t n, std::uint32_t m, Places places) {
    constexpr std::int32_t limit = (1 << 24) - 1;
    std::uint64_t squares = 0;
    for (std::size_t j = 0; j < m; ++j) {
        const std::uint64_t bias = product(layer[std::size_t{n} * m + j], std::int32_t{1} << places.in);
        const std::uint64_t sample = product(x[j], std::int32_t{1} << (7 + places.in));
        const std::int32_t d = rounded(bias - sample + weigh(layer + j * n, v, n, 0), 7 + places.in);
        e[j] = d > limit ? limit : (d < -limit ? -limit : d);
        squares += product(e[j], e[j]);
    }
    return squares;
}

inline void pull(const std::int32_t *layer, const std::int16_t *e, std::int32_t *delta, std::uint32_t n,
                 std::uint32_t m, Places places) {
    for (std::size_t i = 0; i < n; ++i) {
        delta[i] = rounded(weigh(layer + i, e, m, 16, n), half_places + places.in - places.out);
    }
}

inline void pull(const std::int32_t *layer, const std::int32_t *e, std::int32_t *delta, std::uint32_t n,
                 std::uint32_t m, Places places) {
    for (std::size_t i = 0; i < n; ++i) {
        delta[i] = rounded(weigh(layer + i, e, m, 9, n), pull_places + places.in - places.out);
    }
}

// w + step, limited.
inline std::int32_t moved(std::int32_t w, std::int32_t step) {
    const auto sum = static_cast<std::int32_t>(static_cast<std::uint32_t>(w) + static_cast<std::uint32_t>(step));
    return (step < 0) == (sum < w) ? sum : (sum >> 31) ^ INT32_MIN;
}

// 16 or 24 places are dropped from g v.
template <class V>
inline void push(std::int32_t *layer, const V *v, const std::int32_t *g, std::uint32_t n, std::uint32_t m,
                 Places places) {
    constexpr int drop = sizeof(V) == 2 ? 16 : 24;
    for (std::size_t j = 0; j < m; ++j) {
        std::int32_t *w = layer + j * n;
        for (std::size_t i = 0; i < n; ++i) {
            const std::int64_t step = half_up(std::int64_t{g[j]} * v[i], drop); // less than 2^31
            w[i] = moved(w[i], static_cast<std::int32_t>(step));
        }
        std::int32_t &bias = layer[std::size_t{n} * m + j];
        bias = moved(bias, half_up(g[j], drop - places.in));
    }
}

template <class V> inline std::uint64_t squares(const V *v, std::uint32_t n) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
        sum += product(v[i], v[i]);
    }
    return sum;
}

} // namespace plain

// y_j = b_j + sum_i w_ji v_i with places.out fraction bits. In 16 bits n < 2^(12 + in - out), so that y has room: with
// 14 places for inputs in Q3.12, and with 17 in Q0.15, that is n <= 1023. In 32 bits y is limited to 32 bits.
void forward(const std::int32_t *layer, const std::int16_t *v, std::int32_t *y, std::uint32_t n, std::uint32_t m,
             Places places);
void forward(const std::int32_t *layer, const std::int32_t *v, std::int32_t *y, std::uint32_t n, std::uint32_t m,
             Places places);

// The output layer without an activation: e_j = y_j - x_j; returns the sum of e_j^2 in Q.22 or Q.40.
std::uint64_t miss(const std::int32_t *layer, const std::int16_t *v, const std::int16_t *x, std::int16_t *e,
                   std::uint32_t n, std::uint32_t m, Places places);
std::uint64_t miss(const std::int32_t *layer, const std::int32_t *v, const std::int32_t *x, std::int32_t *e,
                   std::uint32_t n, std::uint32_t m, Places places);

// delta_i = sum_j w_ji e_j with places.out fraction bits. With 16 bits of e m < 2^(12 + in - out), with 32 bits delta
// is limited to 32 bits.
void pull(const std::int32_t *layer, const std::int16_t *e, std::int32_t *delta, std::uint32_t n, std::uint32_t m,
          Places places);
void pull(const std::int32_t *layer, const std::int32_t *e, std::int32_t *delta, std::uint32_t n, std::uint32_t m,
          Places places);

// The sum of v_i^2: exact for n <= 2^33, or 2^17 where |v| < 2^23.
std::uint64_t squares(const std::int16_t *v, std::uint32_t n);
std::uint64_t squares(const std::int32_t *v, std::uint32_t n);

// w_ji += g_j v_i, b_j += g_j, each limited to +-16. places.in <= 15 or <= 23; g has 43 - in or 51 - in fraction bits.
void push(std::int32_t *layer, const std::int16_t *v, const std::int32_t *g, std::uint32_t n, std::uint32_t m,
          Places places);
void push(std::int32_t *layer, const std::int32_t *v, const std::int32_t *g, std::uint32_t n, std::uint32_t m,
          Places places);

} // namespace twinbit::dense
