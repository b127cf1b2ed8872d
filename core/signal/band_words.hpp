// What bands and envelope have in common: their words, and the sums over bands that the words ask for. capi/RECIPE.md has
// the words; `size` is that of the transform, `bins` how many points of a spectrum there are.
#pragma once

#include "image/stage.hpp"
#include "signal/fft.hpp"
#include "signal/taper.hpp"

namespace twinbit {

class BandWords {
  public:
    // The words before the edges.
    static constexpr std::uint32_t count_of_words = 10;
    static constexpr std::int32_t most_bands = 2048;
    static constexpr std::int32_t floor_limit = 60 << 16; // octaves, Q15.16

    explicit BandWords(const std::int32_t *words) : w_(words) {}

    // False if one of n words is out of range.
    bool are_good(std::uint32_t n, std::uint32_t window, std::uint32_t bins) const;

    std::uint32_t size() const { return word(0); }
    std::uint32_t hop() const { return word(1); }
    Taper taper() const { return static_cast<Taper>(w_[2]); }
    bool fused() const { return w_[3] != 0; }
    bool shape_only() const { return w_[4] != 0; }
    bool level() const { return w_[5] != 0; }
    std::int32_t floor() const { return w_[6]; }
    std::uint32_t bands() const { return word(7); }

    // Bins of band i: [edge(i), edge(i + 1)).
    std::uint32_t edge(std::uint32_t i) const {
        return w_[9] != 0 ? word(8) + i * word(9) : static_cast<std::uint32_t>(w_[count_of_words + i]);
    }
    std::uint32_t segments(std::uint32_t window) const { return 1 + (window - size()) / hop(); }
    // Features of one axis, or of all of them together.
    std::uint32_t features() const { return bands() + (level() ? 1 : 0); }

  private:
    std::uint32_t word(std::uint32_t i) const { return static_cast<std::uint32_t>(w_[i]); }
    bool edges_rise(std::uint32_t bins) const;

    const std::int32_t *w_;
};

} // namespace twinbit
