// Orthogonal least squares on Gram matrices.
#include "linear/select.hpp"

#include "linear/cholesky.hpp"

namespace twinbit {

namespace {

constexpr float taken = -1.0f; // in the place of a pivot

struct Grams {
    float *u, *m;
    std::uint32_t n;

    static float &both(float *a, std::uint32_t i, std::uint32_t j) {
        return a[i > j ? triangle_at(i, j) : triangle_at(j, i)];
    }
    float &pivot(std::uint32_t j) const { return u[triangle_at(j, j)]; }
    float gain(std::uint32_t j) const { return pivot(j) > 0.0f ? m[triangle_at(j, j)] / pivot(j) : 0.0f; }

    // The candidate that explains most; n without one.
    std::uint32_t best(const std::uint32_t *out) const {
        std::uint32_t found = n;
        float most = 0.0f;
        for (std::uint32_t j = 0; j < n; ++j) {
            if (((out[j / 32] >> (j % 32)) & 1u) != 0 || pivot(j) == taken) {
                continue;
            }
            const float g = gain(j);
            if (found == n || g > most) {
                found = j;
                most = g;
            }
        }
        return found;
    }

    void condition_row(std::uint32_t a, std::uint32_t j, float uj, float mj) const {
        const float ca = both(u, a, j) / uj;
        const float ma = both(m, a, j);
        for (std::uint32_t b = 0; b < a; ++b) {
            if (b != j) {
                const float cb = both(u, b, j) / uj;
                u[triangle_at(a, b)] -= ca * both(u, b, j);
                m[triangle_at(a, b)] -= ca * both(m, b, j) + cb * (ma - ca * mj);
            }
        }
        const float before = pivot(a);
        const float after = before - ca * both(u, a, j);
        pivot(a) = after > before * 0x1p-18f ? after : 0.0f;
        m[triangle_at(a, a)] -= ca * (ma + (ma - ca * mj));
    }

    // Conditions what is not taken on j, which is.
    void condition(std::uint32_t j) const {
        const float uj = pivot(j);
        const float mj = m[triangle_at(j, j)];
        pivot(j) = taken;
        for (std::uint32_t a = 0; uj > 0.0f && a < n; ++a) {
            if (pivot(a) != taken) {
                condition_row(a, j, uj, mj);
            }
        }
    }
};

} // namespace

void select(float *u, float *m, std::uint32_t n, std::uint32_t keep, std::uint32_t *out) {
    const Grams g = {u, m, n};
    for (; keep > 0; --keep) {
        const std::uint32_t j = g.best(out);
        if (j == n) {
            break;
        }
        g.condition(j);
    }
    for (std::uint32_t j = 0; j < n; ++j) {
        out[j / 32] |= g.pivot(j) == taken ? 0u : 1u << (j % 32);
    }
}

} // namespace twinbit
