// The block of a k-means detector in the image: where its arrays are, and the check of an untrusted one.
//
//   u32 open, u32 epoch, sample start[K][d], u32 weight[K], dist start_spread[K]     the basis
//   u32 count[K], dist spread[K], sum sum[K][d]                                      the statistics
//   sample centroid[K][d], dist pooled                                              derived from both
//
// Memory, K = 8 clusters of d = 8 features: Q15 720 B, Q31 and F32 1,232 B and 976 B.
#pragma once

#include "image/stage.hpp"
#include "linear/sums.hpp"
#include "memory/untrusted.hpp"

namespace twinbit {

template <class P> struct KMeansState {
    using Sample = typename P::Sample;
    using Sum = typename P::Sum;
    using Distance = typename P::Distance;

    std::uint32_t clusters, features;
    std::uint32_t head, start, weight, start_spread, basis, count, spread, sum, centroid, pooled, bytes;

    KMeansState(std::uint32_t k, std::uint32_t d) : clusters(k), features(d) {
        Layout l;
        head = l.add<std::uint32_t>(2);
        start = l.add<Sample>(k * d);
        weight = l.add<std::uint32_t>(k);
        start_spread = l.add<Distance>(k);
        basis = l.bytes();
        count = l.add<std::uint32_t>(k);
        spread = l.add<Distance>(k);
        sum = l.add<Sum>(k * d);
        centroid = l.add<Sample>(k * d);
        pooled = l.add<Distance>(1);
        bytes = l.bytes();
    }
    explicit KMeansState(const Setup &s) : KMeansState(static_cast<std::uint32_t>(s.words[0]), s.inputs) {}

    bool valid(const std::uint8_t *b) const {
        const auto open = peek<std::uint32_t>(b + head);
        return open <= clusters && samples_valid(b, start) && samples_valid(b, centroid) && distances_valid(b) &&
               counts_valid(b, open, peek<std::uint32_t>(b + head + 4)) && padding_valid(b);
    }

    static constexpr Distance most_distance = static_cast<Distance>(std::int64_t{1} << 62); // of one cluster's sum

  private:
    bool samples_valid(const std::uint8_t *b, std::uint32_t offset) const {
        using Raw = decltype(raw_of(Sample{}));
        return all_within<Raw>(b + offset, clusters * features, static_cast<Raw>(-P::sample_limit),
                               static_cast<Raw>(P::sample_limit)) &&
               padding_zero<Raw>(b, offset, clusters * features);
    }
    bool distances_valid(const std::uint8_t *b) const {
        return all_within<Distance>(b + start_spread, clusters, 0, most_distance) &&
               all_within<Distance>(b + spread, clusters, 0, most_distance) &&
               all_within<Distance>(b + pooled, 1, 0, most_distance);
    }
    // A cluster counts what it started with; an open one has at least a frame before the first epoch; its sum fits its count.
    bool counts_valid(const std::uint8_t *b, std::uint32_t open, std::uint32_t epoch) const {
        for (std::uint32_t j = 0; j < clusters; ++j) {
            const auto w = peek<std::uint32_t>(b + weight + 4 * j);
            const auto n = peek<std::uint32_t>(b + count + 4 * j);
            if (n > sum_frames || n < w || (epoch == 0 && (j < open) != (n > 0)) || (epoch != 0 && j >= open && n != 0)) {
                return false;
            }
            const auto limit = static_cast<Sum>(sum_limit<P>(n));
            if (!all_within<Sum>(b + sum + j * features * static_cast<std::uint32_t>(sizeof(Sum)), features,
                                 static_cast<Sum>(-limit), limit)) {
                return false;
            }
        }
        return true;
    }
    bool padding_valid(const std::uint8_t *b) const {
        return padding_zero<std::uint32_t>(b, weight, clusters) && padding_zero<std::uint32_t>(b, count, clusters) &&
               padding_zero<Distance>(b, start_spread, clusters) && padding_zero<Distance>(b, spread, clusters) &&
               padding_zero<Sum>(b, sum, clusters * features) && padding_zero<Distance>(b, pooled, 1);
    }
};

} // namespace twinbit
