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
};

} // namespace twinbit
