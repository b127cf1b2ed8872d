// Checks words of bands: see band_words.hpp.
#include "signal/band_words.hpp"

namespace twinbit {

namespace {} // namespace

bool BandWords::are_good(std::uint32_t n, std::uint32_t window, std::uint32_t bins) const {
    if (n < count_of_words) {
        return false;
    }
    if (!is_fft_size(size()) || size() > window || !within(w_[1], 1, static_cast<std::int32_t>(window)) ||
        segments(window) > fft_most) {
        return false;
    }
    if (!within(w_[2], 0, tapers - 1) || !within(w_[3], 0, 1) || !within(w_[4], 0, 1) || !within(w_[5], 0, 1) ||
        !within(w_[6], -floor_limit, floor_limit)) {
        return false;
    }
    if (!within(w_[7], 1, most_bands) || !within(w_[8], 0, fft_most) || !within(w_[9], 0, fft_most)) {
        return false;
    }
    return n == count_of_words + (w_[9] != 0 ? 0 : bands() + 1) && edges_rise(bins);
}

// Products are below 2^24.
bool BandWords::edges_rise(std::uint32_t bins) const {
    if (w_[9] == 0 && (w_[8] != 0 || w_[count_of_words] < 0)) {
        return false;
    }
    for (std::uint32_t i = 0; i < bands(); ++i) {
        if (edge(i + 1) <= edge(i)) {
            return false;
        }
    }
    return edge(bands()) <= bins;
}

} // namespace twinbit
