// Deviation: how far each channel's average has moved from where it used to be, for slow sensors of different kinds.
// The farthest channel counts.
//
//   average   e += a (x - e)                                  exponential (EWMA, Roberts, Technometrics 1(3), 1959)
//   learn     s_x deviation of x;  m mean and s_e deviation of e, once `settle` rows have passed
//   floor     f = s_x sqrt(a / (2 - a))                       what s_e would be if x were white noise
//   width     w = max(s_e, f)^2 / f                           a channel that drifts weighs less, the more it moves
//   score     log2 max_j |e_j - m_j| / w_j, at least -12
//   follow    e moves with every row that is scored, m += rate (e - m) while nothing is wrong
//
// It takes raw numbers: each channel brings its own scale. w is made of logarithms when it is needed:
//   log2 w = max(log2 s_e^2, log2 f^2) - 1/2 log2 f^2,   log2 f^2 = log2 s_x^2 + log2(a / (2 - a))
// Widths never follow: damage that grows would widen them.
//
// Scaling and overflow: deviation_numbers.hpp. Sums are exact for 2^15 rows; later ones are not learned (TB_ERR_RANGE).
// Forget: sums and counts are halved (fade.hpp); `settle` rows stay, so that averages go on counting.
// Merge: sums add, in fixed point exactly and in any order. e, and how far m has moved, stay each machine's own.
// Memory: deviation_state.hpp; no plan, no scratch. Cost, a channel: five logarithms, one division, and one
// multiplication of 64 bits for e, two when it follows.
// Blind to: what shows only in how channels move together; changes faster than the average (1 / a rows); noise that
// grows about a mean that stays; what creeps slower than `rate`.
#pragma once

#include "detectors/deviation_state.hpp"
#include "linear/distance.hpp"

namespace twinbit {

template <class P> class Deviation {
  public:
    using Sample = typename P::Raw;

    explicit Deviation(const Block &block) : b_(block), s_(block.setup) {}

    // A forged image may have more settled rows than rows.
    bool ready() const { return number(State::settled) >= 2 && number(State::rows) >= number(State::settled); }

    tb_status learn(const Sample *x, std::int32_t *score);
    std::int32_t score(const Sample *x) const;
    void follow(const Sample *x, bool calm);
    void explain(const Sample *x, std::int32_t *shares) const;
    void settle() {}
    void new_epoch() { std::memset(b_.image, 0, s_.bytes); }
    tb_status merge(const std::uint8_t *other, int sign);
    tb_status prune(std::uint32_t) { return TB_ERR_UNSUPPORTED; }
    tb_status forget();

  private:
    using State = DeviationState<P>;
    using N = DeviationNumbers<P>;
    using Level = typename N::Level;
    static constexpr std::int64_t least = -12 * 65536; // octaves, Q15.16: where histograms begin
    static constexpr std::int64_t most = 63 * 65536;

    const DeviationWords &words() const { return *reinterpret_cast<const DeviationWords *>(b_.setup.words); }
    std::uint32_t &number(std::uint32_t field) const { return *at<std::uint32_t>(b_.image, s_.offset[field]); }
    Level &level(std::uint32_t field, std::uint32_t i) const { return at<Level>(b_.image, s_.offset[field])[i]; }
    typename N::Sum &sum(std::uint32_t field, std::uint32_t i) const {
        return at<typename N::Sum>(b_.image, s_.offset[field])[i];
    }
    typename N::Square &square(std::uint32_t field, std::uint32_t i) const {
        return at<typename N::Square>(b_.image, s_.offset[field])[i];
    }

    Level next(std::uint32_t i, Sample x) const;
    Level mean(std::uint32_t i) const;
    Log log_width(std::uint32_t i) const;
    Log octaves(std::uint32_t i, Sample x) const;
    Log farthest(const Sample *x) const;
    void move(const Sample *x) const;
    bool merge_sums(const std::uint8_t *other, int sign, std::uint32_t count, bool store) const;

    Block b_;
    State s_;
};

// Where the average will stand.
template <class P> typename Deviation<P>::Level Deviation<P>::next(std::uint32_t i, Sample x) const {
    const Level e = level(State::average, i);
    return number(State::started) != 0 ? e + approach(N::level(x) - e, words().smoothing) : N::level(x);
}

template <class P> typename Deviation<P>::Level Deviation<P>::mean(std::uint32_t i) const {
    return N::limited(N::mean(sum(State::slow_sum, i), number(State::settled)) + level(State::moved, i));
}

// log2 w of channel i.
template <class P> Log Deviation<P>::log_width(std::uint32_t i) const {
    const auto a = static_cast<std::uint64_t>(words().smoothing);
    const Log share = Log{log2_q24(a)} - log2_q24((std::uint64_t{1} << 32) - a);
    const Log floor = N::log_variance(sum(State::sum, i), square(State::square, i), number(State::rows), true) + share;
    const Log own =
        N::log_variance(sum(State::slow_sum, i), square(State::slow_square, i), number(State::settled), false);
    return (own > floor ? own : floor) - half_up(floor, 1);
}

// log2 |e - m| / w of channel i.
template <class P> Log Deviation<P>::octaves(std::uint32_t i, Sample x) const {
    return N::log_of(next(i, x) - mean(i)) - log_width(i);
}

template <class P> Log Deviation<P>::farthest(const Sample *x) const {
    Log far = octaves(0, x[0]);
    for (std::uint32_t i = 1; i < s_.channels; ++i) {
        const Log z = octaves(i, x[i]);
        far = z > far ? z : far;
    }
    return far;
}

template <class P> void Deviation<P>::move(const Sample *x) const {
    for (std::uint32_t i = 0; i < s_.channels; ++i) {
        level(State::average, i) = next(i, x[i]);
    }
    number(State::started) = 1;
}

template <class P> tb_status Deviation<P>::learn(const Sample *x, std::int32_t *score_out) {
    if (score_out != nullptr && ready()) {
        *score_out = score(x);
    }
    if (number(State::rows) >= N::max_rows) {
        return TB_ERR_RANGE;
    }
    move(x);
    const std::uint32_t n = ++number(State::rows);
    const bool counts = n > static_cast<std::uint32_t>(words().settle);
    const std::uint32_t n_slow = number(State::settled) += counts ? 1 : 0;
    for (std::uint32_t i = 0; i < s_.channels; ++i) {
        N::add(sum(State::sum, i), square(State::square, i), x[i], n);
        if (counts) {
            N::add_level(sum(State::slow_sum, i), square(State::slow_square, i), level(State::average, i), n_slow);
        }
    }
    return TB_OK;
}

template <class P> std::int32_t Deviation<P>::score(const Sample *x) const {
    const Log far = half_up(farthest(x), 8);
    return static_cast<std::int32_t>(far < least ? least : (far > most ? most : far));
}

template <class P> void Deviation<P>::follow(const Sample *x, bool calm) {
    move(x);
    for (std::uint32_t i = 0; i < s_.channels && calm && ready(); ++i) {
        level(State::moved, i) += approach(level(State::average, i) - mean(i), words().rate);
    }
}

// Share i is that of (e_i - m_i)^2 / w_i^2 in the sum over all channels, though the score takes the largest alone.
template <class P> void Deviation<P>::explain(const Sample *x, std::int32_t *shares) const {
    const Log far = farthest(x);
    std::uint64_t whole = 0;
    for (std::uint32_t i = 0; i < s_.channels; ++i) {
        const Log below = half_up(2 * (octaves(i, x[i]) - far), 8);
        const auto part = exp2_q16(static_cast<std::int32_t>(below < -most ? -most : below));
        shares[i] = static_cast<std::int32_t>(part); // at most 1
        whole += part;
    }
    for (std::uint32_t i = 0; i < s_.channels; ++i) {
        shares[i] = share(static_cast<std::uint64_t>(shares[i]), whole);
    }
}

// The sums that `count` belongs to, x's with rows and e's with settled; false if one leaves its range.
template <class P>
bool Deviation<P>::merge_sums(const std::uint8_t *other, int sign, std::uint32_t count, bool store) const {
    const std::uint32_t first = count == State::rows ? State::sum : State::slow_sum;
    const auto theirs = peek<std::uint32_t>(other + s_.offset[count]);
    const std::uint32_t n = number(count) + (sign > 0 ? theirs : 0u - theirs);
    for (std::uint32_t i = 0; i < s_.channels; ++i) {
        typename N::Sum s = sum(first, i);
        typename N::Square q = square(first + 1, i);
        const auto their_s = peek<typename N::Sum>(other + s_.offset[first] + i * sizeof s);
        const auto their_q = peek<typename N::Square>(other + s_.offset[first + 1] + i * sizeof q);
        if (!N::merge(s, q, their_s, their_q, sign, number(count), theirs, n)) {
            return false;
        }
        if (store) {
            sum(first, i) = s;
            square(first + 1, i) = q;
        }
    }
    number(count) = store ? n : number(count);
    return true;
}

template <class P> tb_status Deviation<P>::merge(const std::uint8_t *other, int sign) {
    if (sign < 0 && !N::exact) {
        return TB_ERR_UNSUPPORTED;
    }
    const auto rows = number(State::rows) + sign * std::int64_t{peek<std::uint32_t>(other + s_.offset[State::rows])};
    const auto settled =
        number(State::settled) + sign * std::int64_t{peek<std::uint32_t>(other + s_.offset[State::settled])};
    if (settled < 0 || settled > rows || rows > std::int64_t{N::max_rows} ||
        !merge_sums(other, sign, State::rows, false) || !merge_sums(other, sign, State::settled, false)) {
        return TB_ERR_RANGE;
    }
    merge_sums(other, sign, State::rows, true);
    merge_sums(other, sign, State::settled, true);
    return TB_OK;
}

// Averages that count go on counting.
template <class P> tb_status Deviation<P>::forget() {
    const auto settle = static_cast<std::uint32_t>(words().settle);
    const Fade rows = half_of(number(State::rows), settle > 2 ? settle : 2);
    const Fade settled = half_of(number(State::settled), 2);
    for (std::uint32_t i = 0; i < s_.channels; ++i) {
        N::fade(sum(State::sum, i), square(State::square, i), rows);
        N::fade(sum(State::slow_sum, i), square(State::slow_square, i), settled);
    }
    number(State::rows) = rows.part;
    number(State::settled) = settled.part;
    return TB_OK;
}

} // namespace twinbit
