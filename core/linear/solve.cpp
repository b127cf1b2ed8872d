// Factor rows, substitution, block mantissas.
#include "linear/solve.hpp"

#include "numbers/float_sqrt.hpp"
#include "numbers/quantise.hpp"

namespace twinbit {

namespace {

// v - sum over k < n of a_k b_k
float less_products(float v, const float *a, const float *b, std::uint32_t n) {
    for (std::uint32_t k = 0; k < n; ++k) {
        v -= a[k] * b[k];
    }
    return v;
}

} // namespace

void factor_row(float *a, std::uint32_t i) {
    float *row = a + triangle(i);
    const float least = row[i] * 0x1p-20f;
    for (std::uint32_t j = 0; j < i; ++j) {
        const float *above = a + triangle(j);
        row[j] = less_products(row[j], row, above, j) * above[j];
    }
    const float pivot = less_products(row[i], row, row, i);
    if (pivot > least) {
        row[i] = 1.0f / sqrt(pivot);
    } else { // also where it is no number
        for (std::uint32_t j = 0; j <= i; ++j) {
            row[j] = 0.0f;
        }
    }
}

void solve(const float *factor, float *z, std::uint32_t n) {
    for (std::uint32_t i = 0; i < n; ++i) {
        const float *row = factor + triangle(i);
        z[i] = less_products(z[i], row, z, i) * row[i];
    }
    for (std::uint32_t i = n; i-- > 0;) {
        const float *row = factor + triangle(i);
        z[i] *= row[i];
        for (std::uint32_t k = 0; k < i; ++k) {
            z[k] -= row[k] * z[i];
        }
    }
    for (std::uint32_t i = 0; i < n; ++i) {
        z[i] = is_finite(z[i]) ? z[i] : 0.0f;
    }
}

int mantissas(const float *z, std::int32_t *m, std::uint32_t n) {
    constexpr int bits = 24;
    constexpr int most_exponent = 60;
    constexpr std::int32_t limit = (1 << bits) - 1;
    std::uint32_t most = 0;
    for (std::uint32_t j = 0; j < n; ++j) {
        const std::uint32_t v = float_bits(z[j]) & 0x7FFFFFFFu;
        most = v > most ? v : most;
    }
    const int wanted = bits - (static_cast<int>(most >> 23) - 126); // |z| < 2^(field - 126)
    const int e = wanted < 0 ? 0 : (wanted > most_exponent ? most_exponent : wanted);
    for (std::uint32_t j = 0; j < n; ++j) {
        const std::int32_t v = quantise(z[j], e);
        m[j] = v > limit ? limit : (v < -limit ? -limit : v);
    }
    return e;
}

} // namespace twinbit
