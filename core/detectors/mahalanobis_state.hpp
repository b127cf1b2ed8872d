// The memory of a Mahalanobis detector: its block in the image and its plan.
//
//   image   u32 count, sum s[d], product Q[d (d + 1) / 2] by rows      all of it statistics: no basis, nothing derived
//   plan    u32 settled, sample mean[d], weight W[d (d + 1) / 2] by rows, i32 exponent[d]
#pragma once

#include "image/stage.hpp"
#include "linear/cholesky.hpp"
#include "linear/sums.hpp"

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

    enum : std::uint32_t { count, sum, product, fields };
    static constexpr std::uint32_t basis = 0;
    static constexpr Field table[fields] = {
        {Type::u32, Many::one, positive(17)},
        {type_of_number<Sum>, Many::d, both(P::sum_bits)},
        {type_of_number<Product>, Many::triangle_d, both(P::product_bits)},
    };

    std::uint32_t features, bytes;
    std::uint32_t offset[fields];

    explicit MahalanobisState(const Setup &s)
        : features(s.inputs), bytes(place(table, fields, {0, features}, offset)) {}

    // Every sum of both blocks stays within what n frames can add up to. Ranges leave one bit for the difference.
    bool fits(const std::uint8_t *own, const std::uint8_t *other, int sign, std::uint32_t n) const {
        using Wide = typename P::WideSum;
        return each<Sum, Wide>(own, other, offset[sum], features, sign, sum_limit<P>(n)) &&
               each<Product, Product>(own, other, offset[product], triangle(features), sign, product_limit<P>(n));
    }

    void add(std::uint8_t *own, const std::uint8_t *other, int sign) const {
        add_each<Sum>(own, other, offset[sum], features, sign);
        add_each<Product>(own, other, offset[product], triangle(features), sign);
    }

  private:
    template <class T, class Wide>
    static bool each(const std::uint8_t *own, const std::uint8_t *other, std::uint32_t from, std::uint32_t n, int sign,
                     Wide limit) {
        for (std::uint32_t i = 0; i < n; ++i) {
            const auto theirs = static_cast<Wide>(peek<T>(other + from + i * sizeof(T)));
            const Wide v = static_cast<Wide>(at<T>(own, from)[i]) + static_cast<Wide>(sign) * theirs;
            if (!(v >= -limit && v <= limit)) {
                return false;
            }
        }
        return true;
    }
    template <class T>
    static void add_each(std::uint8_t *own, const std::uint8_t *other, std::uint32_t from, std::uint32_t n, int sign) {
        for (std::uint32_t i = 0; i < n; ++i) {
            const T theirs = peek<T>(other + from + i * sizeof(T));
            T &mine = at<T>(own, from)[i];
            add_sum(mine, sign > 0 ? theirs : static_cast<T>(-theirs));
        }
    }
};

} // namespace twinbit
