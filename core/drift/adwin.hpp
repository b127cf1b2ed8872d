// ADWIN: a window of the newest values that shrinks when its older part differs from its newer one. Bifet and Gavalda,
// "Learning from time-changing data with adaptive windowing", SIAM SDM 2007 (ADWIN2: an exponential histogram).
//
//   bucket       2^r values of row r: their number, exact sum and exact sum of squares. A row keeps `buckets` of them; the
//                two oldest of a full one become one of the next row. A full last row drops its oldest bucket, so the
//                window holds buckets (2^rows - 1) values at most and the memory is known
//   cut          between any two buckets: n0 older values with sum u0, n1 newer ones; W = n0 + n1, U their sum
//   differ       |u0 / n0 - u1 / n1| > sqrt(2 m v d) + 2/3 m d
//                v  variance of the window;  d = ln(2 ln(W) / delta)
//                m = 1 / (n0 - least + 1) + 1 / (n1 - least + 1): only parts of at least `least` (min_window) values count.
//                The paper's 1 / n0 + 1 / n1 is least = 1
//   look         every `clock` values, if the window is longer than `grace`: all cuts, the oldest first. The first one that
//                differs tells a drift. Then, by the word `reset`,
//                1: all begins anew with the next value, as in River;
//                0: the oldest bucket is dropped and the next value looks again, until no cut differs: the newer part of
//                   the window stays, as in the paper. A drift is told once
//
// Values are integers of 24 bits, in units of 2^-unit. Exact integers as far as they go (W < 2^18):
//   |sum| < 2^41, sum of squares < 2^64, u0 W - U n0 = n0 n1 (u0 / n0 - u1 / n1), below 2^59: no cancellation
//   W v = t - r^2 / W, with q = U / W rounded, r = U - q W and t = sum (x - q)^2 modulo 2^64, which is t itself. t is at
//   least twice r^2 / W, since (x - q)^2 >= |x - q|: the float difference is good to 2 ulp
// then strict float32 in the order written below: both sides times n0 n1, and what is beyond the second term compared with
// the first by its square, so a cut takes one division and no root. A decision can differ from one in double where both
// sides agree to about 1 part in 10^6.
//
// Worst case of one value: rows merges of two buckets, and one look: rows * buckets - 1 tests of a cut.
// Memory: 24 + align8(rows) + 16 rows buckets bytes. Blind to: a change of spread, or of shape about the same mean.
#pragma once

#include "image/stage.hpp"

namespace twinbit {

struct AdwinWords {
    std::int32_t unit; // layout
    std::int32_t rows, buckets;
    std::int32_t delta; // Q0.31; policy from here on
    std::int32_t clock;
    std::int32_t min_window;
    std::int32_t grace;
    std::int32_t reset;
};
inline constexpr std::uint32_t adwin_words = 8;
static_assert(sizeof(AdwinWords) == 4 * adwin_words, "words have no padding");

class Adwin {
  public:
    explicit Adwin(const Block &);

    // Takes a value of 24 bits; true: a drift is told with it.
    bool update(std::int32_t x) const;

  private:
    struct Whole {               // the beginning of the block
        std::uint32_t wait;      // values since the last look
        std::uint32_t shrinking; // not 0: a drift was told and the window is not yet without a cut that differs
        std::uint64_t sum;       // of the window; int64 modulo 2^64, so that a forged image can't overflow
        std::uint64_t square;
    };
    struct Limit {      // times the sum of both parts, each less `least` - 1: constant for a look
        float spread;   // 2 v d
        float straight; // 2/3 d in raw units
    };

    // How many buckets row r has; more than fit are never believed.
    std::uint32_t count(std::uint32_t r) const { return counts_[r] < buckets_ ? counts_[r] : buckets_; }

    std::uint32_t width() const;
    void insert(std::int32_t x) const;
    bool push(std::uint32_t r, std::uint64_t &sum, std::uint64_t &square) const;
    void drop(std::uint32_t r, std::uint32_t first) const;
    void drop_oldest() const;
    Limit limit(std::uint32_t n) const;
    bool differs(const Limit &, std::uint32_t n, std::uint32_t older, std::uint64_t older_sum) const;
    bool any_cut_differs() const;

    const AdwinWords &w_;
    std::uint32_t rows_, buckets_;
    Whole &whole_;
    std::uint8_t *counts_;
    std::uint64_t *sums_; // row after row, in each the oldest bucket first
    std::uint64_t *squares_;
};

} // namespace twinbit
