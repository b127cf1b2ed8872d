// The histogram of scores.
#include "monitor/histogram.hpp"

#include "memory/bytes.hpp"
#include "numbers/divide.hpp"

namespace twinbit {

namespace {

constexpr std::uint32_t half = histogram_bins / 2;
constexpr std::uint32_t half_bytes = half * sizeof(std::uint16_t);

std::uint32_t bin_shift(const Histogram &h) { return half_bin_shift(h) + 1; }

// Below the lowest bin the difference wraps to far above the highest one.
std::uint32_t bin_of(const Histogram &h, std::int32_t score) {
    return (static_cast<std::uint32_t>(score) - static_cast<std::uint32_t>(h.low)) >> bin_shift(h);
}

std::int32_t edge_below(const Histogram &h, std::uint32_t bin) {
    return h.low + static_cast<std::int32_t>(bin << bin_shift(h));
}

// Bins become twice as wide: pairs of them are added up in the lower half, or in the upper one to make room below.
void widen(Histogram &h, bool below) {
    for (std::uint32_t i = 0; i < half; ++i) {
        h.bin[i] = static_cast<std::uint16_t>(h.bin[2 * i] + h.bin[2 * i + 1]);
    }
    copy_words(h.bin + half, h.bin, half_bytes / 4);
    clear_bytes(h.bin + (below ? 0 : half), half_bytes);
    h.low -= below ? static_cast<std::int32_t>(histogram_bins << bin_shift(h)) : 0;
    ++h.width;
}

} // namespace

void count_score(Histogram &h, std::int32_t score) {
    if (h.width == 0) {
        h.width = 1;
        h.low = score - static_cast<std::int32_t>(half << bin_shift(h));
    }
    std::uint32_t i = bin_of(h, score);
    while (i >= histogram_bins) {
        const bool below = score < h.low;
        if (below && 4 * h.bin[0] < total(h)) {
            i = 0;
        } else {
            widen(h, below);
            i = bin_of(h, score);
        }
    }
    ++h.bin[i];
}

std::uint32_t total(const Histogram &h) {
    std::uint32_t n = 0;
    for (const std::uint16_t count : h.bin) {
        n += count;
    }
    return n;
}

std::int32_t level_below(const Histogram &h, std::uint32_t above) {
    std::uint32_t i = histogram_bins - 1;
    while (i > 0 && above >= h.bin[i] * 256u) {
        above -= h.bin[i] * 256u;
        --i;
    }
    const std::uint64_t part = divide(std::uint64_t{above} << bin_shift(h), h.bin[i] * 256u + 1); // 1: never by 0
    return edge_below(h, i + 1) - static_cast<std::int32_t>(part);
}

Excesses top_tenth(const Histogram &h, std::uint32_t n) {
    Excesses e;
    clear(e);
    std::uint32_t i = histogram_bins;
    while (i > 0 && 10 * e.count < n) { // the edge moves down by a bin: (y + 2)^2 = y^2 + 4 y + 4
        --i;
        const std::uint32_t more = h.bin[i];
        e.squares += 4 * (e.sum + e.count) + more;
        e.sum += 2 * e.count + more;
        e.count += more;
    }
    e.edge = edge_below(h, i);
    return e;
}

} // namespace twinbit
