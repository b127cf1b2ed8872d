// The threshold of a centroid drift detector: see centroid_threshold.hpp.
#include "drift/centroid_threshold.hpp"

#include "numbers/divide.hpp"
#include "numbers/fixed_log2.hpp"
#include "numbers/fixed_sqrt.hpp"

namespace twinbit {

namespace {

constexpr std::int64_t one = 65536;
constexpr std::int32_t most_level = 688128; // 10.5 octaves: r = 2^7
constexpr std::uint64_t most_root = 1u << 23;

constexpr std::int64_t times(std::int64_t a, std::int64_t b) { return half_up(a * b, 16); }

std::int64_t over(std::int64_t n, std::uint32_t d) {
    return static_cast<std::int64_t>(divide(static_cast<std::uint64_t>(n), d));
}

} // namespace

std::uint32_t root_of_level(std::int32_t level) {
    const std::int64_t l = level < most_level ? level : most_level;
    return exp2_q16(static_cast<std::int32_t>(half_up(l * 43690, 16))); // 2/3 in Q.16, not more
}

std::int32_t normal_quantile(std::uint32_t p) {
    // t = sqrt(-2 ln p); 23258160 = 2 ln 2 in Q.24
    const std::int64_t octaves = (std::int64_t{31} << 24) - log2_q24(std::uint64_t{p});
    const auto t = static_cast<std::int64_t>(isqrt64(static_cast<std::uint64_t>(octaves * 23258160 >> 16)).root);
    const std::int64_t above = 164861 + times(t, 52616 + times(t, 677));               // 2.515517, 0.802853, 0.010328
    const std::int64_t below = one + times(t, 93899 + times(t, 12404 + times(t, 86))); // 1.432788, 0.189269, 0.001308
    return static_cast<std::int32_t>(t - over(above << 16, static_cast<std::uint32_t>(below)));
}

std::int32_t student_quantile(std::int32_t z, std::uint32_t degrees) {
    const std::int64_t square = times(z, z);
    const std::int64_t cube = times(square, z);
    const std::int64_t first = over(cube + z, 4 * degrees);
    const std::int64_t second =
        over(over(5 * times(cube, square) + 16 * cube + 3 * std::int64_t{z}, 96 * degrees), degrees);
    return static_cast<std::int32_t>(z + first + second);
}

std::int32_t threshold_of(const Roots &seen, std::uint64_t p) {
    constexpr std::uint64_t fifth = 429496730;
    const std::uint32_t n = divide(seen.count, seen.overlap);
    const std::uint64_t whole = divide(seen.sum, seen.count);
    const std::uint64_t mean = whole < most_root ? whole : most_root; // more only in a forged image
    const std::uint64_t mean_square = divide(seen.squares, seen.count);
    const std::uint64_t variance = mean_square > mean * mean ? mean_square - mean * mean : 0;
    const auto deviation = static_cast<std::int64_t>(isqrt64(divide(variance, n - 1) * n).root);
    const std::int32_t z = normal_quantile(static_cast<std::uint32_t>(p < fifth ? p : fifth));
    const std::uint64_t wider = (std::uint64_t{1} << 32) + divide(std::uint64_t{1} << 32, n);
    const std::int64_t t = times(student_quantile(z, n - 1), static_cast<std::int64_t>(isqrt64(wider).root));
    const std::uint64_t root = mean + static_cast<std::uint64_t>(times(deviation, t)) + 1; // never 0
    return static_cast<std::int32_t>(half_up((std::int64_t{log2_q24(root)} - (std::int64_t{16} << 24)) * 3, 9));
}

} // namespace twinbit
