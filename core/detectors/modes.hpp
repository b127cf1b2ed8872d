// The nearest of some modes, and the two that are closest to each other: what k-means and a bank ask of centroids.
//
// Model is anything with open() and centroid(j); as a class of its own that knows the centroids this took 16 bytes more
// of a Cortex-M0's flash.
#pragma once

#include "linear/distance.hpp"

namespace twinbit {

template <class Distance> struct Nearest {
    std::uint32_t mode;
    Distance distance;
};

template <class Distance> struct ModePair {
    std::uint32_t p, q; // p < q
    Distance distance;
};

// The first of equally near modes; open > 0.
template <class Distance, class Model, class Sample>
Nearest<Distance> nearest_mode(const Model &m, const Sample *x, std::uint32_t d) {
    std::uint32_t best = 0;
    Distance least = std::numeric_limits<Distance>::max();
    for (std::uint32_t j = 0; j < m.open(); ++j) {
        const Distance distance = square_distance(x, m.centroid(j), d);
        if (distance < least) {
            best = j;
            least = distance;
        }
    }
    return {best, least};
}

// The first of equally close pairs; open > 1.
template <class Distance, class Model> ModePair<Distance> closest_modes(const Model &m, std::uint32_t d) {
    ModePair<Distance> best = {0, 1, std::numeric_limits<Distance>::max()};
    for (std::uint32_t q = 1; q < m.open(); ++q) {
        for (std::uint32_t p = 0; p < q; ++p) {
            const Distance distance = square_distance(m.centroid(p), m.centroid(q), d);
            if (distance < best.distance) {
                best = {p, q, distance};
            }
        }
    }
    return best;
}

} // namespace twinbit
