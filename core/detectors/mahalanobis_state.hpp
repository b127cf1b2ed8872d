// The memory of a Mahalanobis detector: its block in the image and its plan.
//
//   image   u32 count, u32 zero, sum s[d], product Q[d (d + 1) / 2] by rows      all of it statistics: no basis, nothing derived
//   plan    u32 settled, sample mean[d], weight W[d (d + 1) / 2] by rows, i32 exponent[d]
#pragma once

#include "image/stage.hpp"
#include "linear/cholesky.hpp"
#include "linear/sums.hpp"
#include "memory/untrusted.hpp"

namespace twinbit {

template <class P> struct MahalanobisPlan {
    std::uint32_t settled, mean, weight, exponent, bytes;

    explicit MahalanobisPlan(std::uint32_t d) {
        Layout l;
        settled = l.add<std::uint32_t>(1);
        mean = l.add<typename P::Sample>(d);
        weight = l.add<typename P::Weight>(triangle(d));
        exponent = l.add<std::int32_t>(d);
        bytes = l.bytes();
    }
};

template <class P> struct MahalanobisState {
    using Sum = typename P::Sum;
    using Product = typename P::Product;
    std::uint32_t features, count, sum, product, bytes;

    explicit MahalanobisState(const Setup &s) : features(s.inputs) {
        Layout l;
        count = l.add<std::uint32_t>(2);
        sum = l.add<Sum>(features);
        product = l.add<Product>(triangle(features));
        bytes = l.bytes();
    }

    bool valid(const std::uint8_t *b) const {
        const auto n = peek<std::uint32_t>(b + count);
        if (n > sum_frames || !all_zero(b + count + 4, 4)) {
            return false;
        }
        const auto s = static_cast<Sum>(sum_limit<P>(n));
        const Product q = product_limit<P>(n);
        return all_within<Sum>(b + sum, features, static_cast<Sum>(-s), s) && padding_zero<Sum>(b, sum, features) &&
               all_within<Product>(b + product, triangle(features), -q, q) &&
               padding_zero<Product>(b, product, triangle(features));
    }

    // Every sum of both blocks stays within what n frames can add up to.
    bool fits(const std::uint8_t *own, const std::uint8_t *other, int sign, std::uint32_t n) const {
        using Wide = typename P::WideSum;
        return each<Sum, Wide>(own, other, sum, features, sign, sum_limit<P>(n)) &&
               each<Product, Product>(own, other, product, triangle(features), sign, product_limit<P>(n));
    }

    void add(std::uint8_t *own, const std::uint8_t *other, int sign) const {
        add_each<Sum>(own, other, sum, features, sign);
        add_each<Product>(own, other, product, triangle(features), sign);
    }

  private:
    template <class T, class Wide>
    static bool each(const std::uint8_t *own, const std::uint8_t *other, std::uint32_t offset, std::uint32_t n, int sign,
                     Wide limit) {
        for (std::uint32_t i = 0; i < n; ++i) {
            const auto theirs = static_cast<Wide>(peek<T>(other + offset + i * sizeof(T)));
            const Wide v = static_cast<Wide>(at<T>(own, offset)[i]) + static_cast<Wide>(sign) * theirs;
            if (!(v >= -limit && v <= limit)) {
                return false;
            }
        }
        return true;
    }
    template <class T>
    static void add_each(std::uint8_t *own, const std::uint8_t *other, std::uint32_t offset, std::uint32_t n, int sign) {
        for (std::uint32_t i = 0; i < n; ++i) {
            const T theirs = peek<T>(other + offset + i * sizeof(T));
            T &mine = at<T>(own, offset)[i];
            mine = static_cast<T>(sign > 0 ? mine + theirs : mine - theirs);
        }
    }
};

} // namespace twinbit
