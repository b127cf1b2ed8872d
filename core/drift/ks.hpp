// KS: do the newest values come from the same distribution as those before them? The test of Kolmogorov and Smirnov
// over two windows that slide, as KSWIN (Raab, Heusinger, Schleif, Neurocomputing 416, 2020), but with every value of
// the older window where KSWIN draws some at random: the same stream gives the same answers.
//
//   n = window - recent oldest values, m = recent newest; F, G: their distribution functions
//   D = max |F(x) - G(x)| over x;  a drift is told if D > sqrt(-ln(alpha / 2) / 2) sqrt((n + m) / (n m))
//   after it only the newest m values remain
//
// In integers: N = n m D = max |m i - n j|, i and j values at or below x. The maximum lies at a value of the newer
// window or just below one; equal values are one step of both functions. A frame moves N by at most n + m, so after a
// test that misses the limit by k (n + m) the next k are left out: no answer differs.
//
// Scaling and overflow: N <= 2^18, so every product is below 2^63; exact but for the logarithm, 2^-23.
// Memory: 16 + 8 window bytes: values in the order of time, and each part in the order of size.
// Cost: a value is put in its place by moving those between it and the one that leaves, in both parts; for a test the
// two parts are read through. At most `window` moves and `window` comparisons; a third of the moves and a test every
// third to tenth frame as a rule: 0.15 us on a host for a window of 100, 0.5 us for 1024.
// alpha is the rate of false alarms of one test of independent values. Tests of windows that slide overlap, so a
// drift is told in 0.03 to 0.2 alpha of such frames (core/DESIGN.md). Values that depend on each other (a cycle, slow
// noise) need a `recent` of many times what they depend over, or they are a drift to it, whatever alpha is.
// Blind to: what is rarer than sqrt((n + m) / (n m)) of the frames.
#pragma once

#include "drift/value.hpp"
#include "image/stage.hpp"

namespace twinbit {

// The words, in their order.
struct KsWords {
    std::int32_t unit; // of floats
    std::int32_t window;
    std::int32_t recent;
    std::int32_t alpha; // Q0.31
};
inline constexpr std::uint32_t ks_words = 4;
inline constexpr std::int32_t most_window = 1024;

// Its block begins with this; a fresh one is all 0.
struct KsPlace {
    std::uint32_t held;  // values
    std::uint32_t next;  // where the next one goes in the ring
    std::uint32_t slack; // what N missed the limit by at the last test, less window for each frame since
    std::uint32_t zero;
};
static_assert(sizeof(KsPlace) == 16);

class Ks {
  public:
    explicit Ks(const Block &block);

    // Takes a value. True: a drift is told with it.
    bool update(std::int32_t x);

  private:
    void take(std::int32_t x);
    bool differ();

    const KsWords &w_;
    std::uint32_t window_, m_, n_;
    KsPlace &place_;
    std::int32_t *ring_;
    std::int32_t *older_, *newer_; // in the order of size
};

// The largest N that is no drift; alpha in Q0.31, at least 1.
std::uint32_t ks_limit(std::uint32_t n, std::uint32_t m, std::int32_t alpha);

// N of a sorted window of n values and one of m > 0.
std::int32_t ks_distance(const std::int32_t *older, std::uint32_t n, const std::int32_t *newer, std::uint32_t m);

} // namespace twinbit
