// The block of a k-means detector in the image.
//
// Memory, K = 8 clusters of d = 8 features: Q15 728 B, Q31 1,240 B, F32 920 B.
#pragma once

#include "image/stage.hpp"
#include "linear/sums.hpp"

namespace twinbit {

template <class P> struct KMeansState {
    using Sample = typename P::Sample;
    using Sum = typename P::Sum;
    using Distance = typename P::Distance;

    enum : std::uint32_t { open, epoch, start, weight, start_spread, count, spread, sum, centroid, pooled, fields };
    static constexpr std::uint32_t basis = count; // what comes before it

    // open: clusters in use. spread and sum include what the epoch began with; centroid and pooled are derived. 2^62
    // holds the squared distances of 2^16 frames of any d, in units of 2^-24.
    static constexpr Type sample_type = type_of_number<decltype(raw_of(Sample{}))>;
    static constexpr Type distance_type = type_of_number<Distance>;
    static constexpr Range distance_range = positive(P::distance_bits);
    static constexpr Range sample_range = both(P::sample_bits);
    static constexpr Field table[fields] = {
        {Type::u32, Many::one, most_k},           {Type::u32, Many::one, any},
        {sample_type, Many::kd, sample_range},    {Type::u32, Many::k, positive(17)},
        {distance_type, Many::k, distance_range}, {Type::u32, Many::k, positive(17)},
        {distance_type, Many::k, distance_range}, {type_of_number<Sum>, Many::kd, both(P::sum_bits)},
        {sample_type, Many::kd, sample_range},    {distance_type, Many::one, distance_range},
    };

    std::uint32_t clusters, features;
    std::uint32_t offset[fields];

    explicit KMeansState(const Setup &s) : clusters(static_cast<std::uint32_t>(s.words[0])), features(s.inputs) {
        place(table, fields, {clusters, features}, offset);
    }

    // Where number i of a field lies in a block of any alignment.
    template <class T> T peek_at(const std::uint8_t *block, std::uint32_t field, std::uint32_t i) const {
        return peek<T>(block + offset[field] + i * static_cast<std::uint32_t>(sizeof(T)));
    }
};

} // namespace twinbit
