// Machines with modes, and the distance that learns them.
#pragma once

#include "stage_bench.hpp"

#include <cmath>

namespace fixtures {

using Row = std::vector<double>;

inline constexpr double rate = 0.02;
inline constexpr double shrinkage = 0.1;

inline DetectorBench distance_bench(std::uint8_t arithmetic, std::uint32_t d, std::int32_t modes, std::int32_t kind,
                                    std::int32_t few = 5) {
    return {22, arithmetic, {modes, kind, static_cast<std::int32_t>(shrinkage * 65536), share31(rate), few}, d};
}

// Frames of some modes, far apart, each feature in steps of 2^-12 so that all arithmetics see the same.
struct Modes {
    Random random{3};
    std::uint32_t d;
    int modes;

    Row frame(int mode, double spread = 0.1) {
        Row x(d);
        const double swing = random.normal();
        for (std::uint32_t i = 0; i < d; ++i) {
            const double v = 2.0 * ((mode >> (i % 2)) & 1) - 1 + spread * (1 + i % 3) * (random.normal() + swing);
            x[i] = std::floor(v * 4096) / 4096;
        }
        return x;
    }
};

} // namespace fixtures
