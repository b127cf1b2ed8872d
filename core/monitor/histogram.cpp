// The histogram of scores.
#include "monitor/histogram.hpp"

namespace twinbit {

namespace {
constexpr int bin_shift = 13; // 1/8 octave in Q15.16
constexpr std::int32_t lowest = -12 * 65536;

std::int32_t edge_above(std::uint32_t i) { return lowest + static_cast<std::int32_t>((i + 1) << bin_shift); }

std::uint32_t bin_of(std::int32_t score) {
    if (score < lowest) {
        return 0;
    }
    const std::uint32_t i = (static_cast<std::uint32_t>(score) - static_cast<std::uint32_t>(lowest)) >> bin_shift;
    return i < histogram_bins ? i : histogram_bins - 1;
}
} // namespace

void count_score(Histogram &h, std::int32_t score) {
    std::uint16_t &n = h.bin[bin_of(score)];
    if (n < UINT16_MAX) {
        ++n;
    }
}

std::uint32_t total(const Histogram &h) {
    std::uint32_t n = 0;
    for (const std::uint16_t count : h.bin) {
        n += count;
    }
    return n;
}

std::int32_t upper_edge(const Histogram &h, std::uint32_t rank) {
    std::uint32_t seen = 0;
    for (std::uint32_t i = 0; i < histogram_bins; ++i) {
        seen += h.bin[i];
        if (seen >= rank) {
            return edge_above(i);
        }
    }
    return edge_above(histogram_bins - 1);
}

Excesses excesses(const Histogram &h, std::int32_t edge) {
    Excesses e = {0, 0, 0};
    std::uint32_t y = 1; // the first bin's middle lies half a bin above the edge
    for (std::uint32_t i = 0; i < histogram_bins; ++i) {
        if (edge_above(i) > edge) {
            const std::uint32_t n = h.bin[i];
            e.count += n;
            e.sum += y * n;
            e.squares += y * y * n;
            y += 2;
        }
    }
    return e;
}

} // namespace twinbit
