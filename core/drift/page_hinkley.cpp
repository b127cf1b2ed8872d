// The Page-Hinkley stage. Words: see PageHinkleyWords and capi/RECIPE.md.
#include "drift/page_hinkley.hpp"

#include "image/stage.hpp"

namespace twinbit {

namespace {

constexpr int more_bits = 8; // of mean and sums
constexpr std::uint32_t most_frames = 1u << 30;
constexpr std::int64_t most_sum = (std::int64_t{1} << 61) - 1;

// struct PageHinkley
constexpr std::uint32_t fields = 4;
constexpr Field table[fields] = {{Type::u32, Many::one, positive(31)},
                                 {Type::i64, Many::one, both(53)},
                                 {Type::i64, Many::two, both(61)},
                                 {Type::i64, Many::two, both(61)}};

bool shape(const Setup &s, Shape &out) {
    out.set(s.inputs, {0, 0}, fields);
    if (s.count != page_hinkley_words) {
        return false;
    }
    const auto &w = *reinterpret_cast<const PageHinkleyWords *>(s.words);
    return unit_ok(w.unit) && w.threshold >= 0 && w.delta >= 0 && w.fading >= 0 && w.min_frames >= 1 &&
           w.min_frames <= static_cast<std::int32_t>(most_frames / 2) && w.direction >= both_ways &&
           w.direction <= downwards;
}

// |v| < 2^62. A branch that is never taken keeps the limits out of the chain from one frame's sum to the next one's.
std::int64_t limited(std::int64_t v) {
    const bool outside = static_cast<std::uint64_t>(v + most_sum) > 2 * static_cast<std::uint64_t>(most_sum);
    if (__builtin_expect(outside ? 1 : 0, 0) != 0) {
        return v > 0 ? most_sum : -most_sum;
    }
    return v;
}

// floor(sum 2^8 / n + 1/2), limited to +-2^31, which only forged sums reach. 2^31 more makes the dividend positive.
std::int64_t mean_of(std::int64_t sum, std::uint32_t n) {
    constexpr std::uint64_t bias = std::uint64_t{1} << 31;
    const std::uint64_t u = (static_cast<std::uint64_t>(sum) << more_bits) + bias * n;
    const std::uint64_t q = divide(u, n);
    const auto rest = static_cast<std::uint32_t>(u - q * n);
    const std::uint64_t rounded = q + (rest >= n - rest ? 1u : 0u);
    return static_cast<std::int64_t>(rounded < 2 * bias ? rounded : 2 * bias) - static_cast<std::int64_t>(bias);
}

void take(PageHinkley &p, std::int32_t x) {
    if (p.frames >= most_frames) {
        p.frames >>= 1;
        p.sum = half_up(p.sum, 1);
    }
    ++p.frames;
    p.sum += x;
}

std::int64_t faded(std::int64_t sum, std::int32_t fading, std::int64_t more) {
    return limited(sum - approach_wide(sum, fading) + more);
}

bool moved(const PageHinkley &p, const PageHinkleyWords &w) {
    const std::int64_t threshold = std::int64_t{w.threshold} << more_bits;
    return (w.direction != downwards && p.rise - p.lowest > threshold) ||
           (w.direction != upwards && p.highest - p.fall > threshold);
}

} // namespace

bool watch(PageHinkley &p, const PageHinkleyWords &w, std::int32_t x) {
    take(p, x);
    const std::int64_t d = (std::int64_t{x} * (1 << more_bits)) - mean_of(p.sum, p.frames);
    p.rise = faded(p.rise, w.fading, d - w.delta);
    p.fall = faded(p.fall, w.fading, d + w.delta);
    p.lowest = p.rise < p.lowest ? p.rise : p.lowest;
    p.highest = p.fall > p.highest ? p.fall : p.highest;
    const bool told = p.frames >= static_cast<std::uint32_t>(w.min_frames) && moved(p, w);
    if (told) {
        clear(p);
    }
    return told;
}

namespace {

bool update(const Block &b, const void *x) {
    return watch(*at<PageHinkley>(b.image, 0), *reinterpret_cast<const PageHinkleyWords *>(b.setup.words), value_of(x));
}

constexpr DriftOps ops = {update, false};

} // namespace

} // namespace twinbit

extern "C" {
const tb_stage tb_page_hinkley = {64,
                                  twinbit::Role::drift,
                                  0,
                                  twinbit::page_hinkley_words - 1,
                                  0,
                                  twinbit::table,
                                  0,
                                  twinbit::shape,
                                  twinbit::Ops(&twinbit::ops)};
}
