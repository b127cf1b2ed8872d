// What a Mahalanobis detector sums over frames, in each arithmetic. The memory is the same: d numbers and a triangle.
//
//   Q15, Q31   s = sum x, Q = sum x x^T: exact integers, so merging is addition and taking out is subtraction.
//   F32        the running mean m and the scatter about it (Welford, Technometrics 4(3), 1962), since raw float sums
//              lose the covariance of features that lie far from zero:
//                Q_ij += (x_i - m_i) (x_j - m_j) (n - 1) / n;  m += (x - m) / n
//              merged as in Chan, Golub & LeVeque 1979:  e = m_b - m_a
//                Q_ij += Q_b,ij + e_i e_j n_a n_b / n;  m += e n_b / n
#pragma once

#include "detectors/fade.hpp"
#include "linear/cholesky.hpp"
#include "linear/sums.hpp"
#include "memory/layout.hpp"

namespace twinbit {

// Statistics of another image, of any alignment.
struct Theirs {
    const std::uint8_t *first;   // as s
    const std::uint8_t *product; // as Q
    std::uint32_t count;

    template <class T> T s(std::uint32_t i) const { return peek<T>(first + i * sizeof(T)); }
    template <class T> T q(std::uint32_t i) const { return peek<T>(product + i * sizeof(T)); }
};

template <class P> struct CoMoments { // fixed point
    using Sample = typename P::Sample;
    using Sum = typename P::Sum;
    Sum *s;
    std::int64_t *q;
    std::uint32_t d;

    void learn(const Sample *x, std::uint32_t) const {
        std::int64_t *row = q;
        for (std::uint32_t i = 0; i < d; ++i) {
            accumulate(s[i], x[i]);
            for (std::uint32_t j = 0; j <= i; ++j) {
                accumulate_product(*row++, x[i], x[j]);
            }
        }
    }

    void means(Sample *m, std::uint32_t n) const {
        const Means<Sample, Sum> mean(n);
        for (std::uint32_t i = 0; i < d; ++i) {
            m[i] = mean(s[i]);
        }
    }

    float covariance(std::uint32_t i, std::uint32_t j, const Sample *m, std::uint32_t n) const {
        return scatter(q[triangle_at(i, j)], s[i], s[j], m[i], m[j], n);
    }

    // Every sum stays within what n frames can add up to. Ranges of images leave one bit for the difference.
    bool fits(const Theirs &t, std::uint32_t, int sign, std::uint32_t n) const {
        const auto sum_most = sum_limit<P>(n);
        const auto product_most = product_limit<P>(n);
        for (std::uint32_t i = 0; i < d; ++i) {
            const std::int64_t v = s[i] + sign * std::int64_t{t.template s<Sum>(i)};
            if (v < -sum_most || v > sum_most) {
                return false;
            }
        }
        for (std::uint32_t i = 0; i < triangle(d); ++i) {
            const std::int64_t v = q[i] + sign * t.template q<std::int64_t>(i);
            if (v < -product_most || v > product_most) {
                return false;
            }
        }
        return true;
    }

    void merge(const Theirs &t, std::uint32_t, int sign, std::uint32_t) const {
        for (std::uint32_t i = 0; i < d; ++i) {
            add_sum(s[i], static_cast<Sum>(sign * t.template s<Sum>(i)));
        }
        for (std::uint32_t i = 0; i < triangle(d); ++i) {
            add_sum(q[i], sign * t.template q<std::int64_t>(i));
        }
    }

    // m: room for the means. Q becomes the scatter about them and back: modulo 2^64 nothing is lost on the way.
    void fade(const Fade &f, Sample *m) const {
        means(m, f.whole);
        for_each(m, f.whole, [&f](std::int64_t &v, std::uint64_t between) {
            add_sum(v, static_cast<std::int64_t>(0 - between));
            v = faded(v, f);
        });
        for (std::uint32_t i = 0; i < d; ++i) {
            s[i] = faded(s[i], f);
        }
        for_each(m, f.part, [](std::int64_t &v, std::uint64_t between) { //
            add_sum(v, static_cast<std::int64_t>(between));
        });
    }

  private:
    template <class Change> void for_each(const Sample *m, std::uint32_t n, Change change) const {
        for (std::uint32_t i = 0; i < d; ++i) {
            for (std::uint32_t j = 0; j <= i; ++j) {
                change(q[triangle_at(i, j)], between_means(s[i], s[j], m[i], m[j], n));
            }
        }
    }
};

template <> struct CoMoments<F32> {
    float *s; // means
    float *q;
    std::uint32_t d;

    void learn(const float *x, std::uint32_t n) const {
        const float weight = static_cast<float>(n - 1) / static_cast<float>(n);
        float *row = q;
        for (std::uint32_t i = 0; i < d; ++i) {
            const float e = (x[i] - s[i]) * weight;
            for (std::uint32_t j = 0; j <= i; ++j) {
                *row++ += e * (x[j] - s[j]);
            }
        }
        for (std::uint32_t i = 0; i < d; ++i) {
            s[i] += (x[i] - s[i]) / static_cast<float>(n);
        }
    }

    void means(float *m, std::uint32_t) const {
        for (std::uint32_t i = 0; i < d; ++i) {
            m[i] =
                s[i] > F32::sample_limit ? F32::sample_limit : (s[i] < -F32::sample_limit ? -F32::sample_limit : s[i]);
        }
    }

    float covariance(std::uint32_t i, std::uint32_t j, const float *, std::uint32_t n) const {
        return q[triangle_at(i, j)] / static_cast<float>(n);
    }

    bool fits(const Theirs &t, std::uint32_t own, int, std::uint32_t n) const {
        const float most = product_limit<F32>(n);
        for (std::uint32_t i = 0; i < d; ++i) {
            for (std::uint32_t j = 0; j <= i; ++j) {
                const float v = merged(t, own, n, i, j);
                if (!(v >= -most && v <= most)) {
                    return false;
                }
            }
        }
        return true;
    }

    void merge(const Theirs &t, std::uint32_t own, int, std::uint32_t n) const {
        for (std::uint32_t i = 0; i < d; ++i) {
            for (std::uint32_t j = 0; j <= i; ++j) {
                q[triangle_at(i, j)] = merged(t, own, n, i, j);
            }
        }
        for (std::uint32_t i = 0; i < d; ++i) {
            s[i] += (t.s<float>(i) - s[i]) * share_of(t.count, n);
        }
    }

    void fade(const Fade &f, float *) const {
        for (std::uint32_t i = 0; i < triangle(d); ++i) {
            q[i] = faded(q[i], f);
        }
    }

  private:
    static float share_of(std::uint32_t part, std::uint32_t n) {
        return n == 0 ? 0.0f : static_cast<float>(part) / static_cast<float>(n);
    }
    float merged(const Theirs &t, std::uint32_t own, std::uint32_t n, std::uint32_t i, std::uint32_t j) const {
        const std::uint32_t k = triangle_at(i, j);
        const float e = (t.s<float>(i) - s[i]) * (t.s<float>(j) - s[j]);
        return q[k] + t.q<float>(k) + e * (static_cast<float>(own) * share_of(t.count, n));
    }
};

} // namespace twinbit
