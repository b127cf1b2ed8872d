// The words and the memory of an autoencoder: the chain of its layers, its block in the image, its scratch.
//
//   words    seed, momentum (0: none, 1: has memory), hidden layers L, L times (units, activation), activation of
//            the output; then policy: rate, halving, least rate, momentum, decay, patience, improvement
//   image    u32 frames, u32 age; i32 average, i32 best, u32 since (early_stop.hpp); weights; with momentum as much again
//   scratch  outputs of each layer, b + W v of one layer (then its gradients), errors, deltas of two layers
#pragma once

#include "image/stage.hpp"
#include "linear/dense.hpp"
#include "numbers/neural.hpp"

namespace twinbit {

// A layer of n inputs and m outputs.
struct DenseLayer {
    std::uint32_t n, m;
    std::uint32_t weight; // where its (n + 1) m numbers begin, among all weights
    std::uint32_t input;  // where its inputs begin in scratch; the first layer's are the sample
    std::uint32_t output; // where its outputs begin in scratch
    bool unit;            // its inputs are outputs of tanh or sigmoid
    Activation activation;
};

// Most inputs: what sums have room for (dense_fixed.hpp). In Q31 sums of 511 and 512 products leave 64 bits only where
// every weight and every input is at its limit, and then they wrap.
template <class P> inline constexpr std::uint32_t widest_input = 4096;
template <class C> inline constexpr std::uint32_t widest_input<Q15With<C>> = 1023;
template <class C> inline constexpr std::uint32_t widest_input<Q31With<C>> = 512;
inline constexpr std::int32_t widest_layer = 512;

// The words, read where they stand.
class Chain {
  public:
    static constexpr std::int32_t most_hidden = 5;
    static constexpr std::uint32_t policy_words = 7;

    explicit Chain(const Setup &s) : words_(s.words), inputs_(s.inputs) {}

    // All words are in range.
    static bool fits(const Setup &, std::uint32_t most_inputs);

    std::uint32_t seed() const { return static_cast<std::uint32_t>(words_[0]); }
    bool has_momentum() const { return words_[1] != 0; }
    std::uint32_t hidden() const { return static_cast<std::uint32_t>(words_[2]); }
    std::uint32_t inputs() const { return inputs_; }

    // Layer l of hidden() + 1, with values of `bytes` bytes.
    DenseLayer layer(std::uint32_t l, std::uint32_t bytes) const {
        DenseLayer y = {inputs_, 0, 0, 0, 0, false, Activation::linear};
        for (std::uint32_t i = 0;; ++i) {
            y.m = i == hidden() ? inputs_ : static_cast<std::uint32_t>(words_[3 + 2 * i]);
            y.activation = static_cast<Activation>(words_[i == hidden() ? 3 + 2 * i : 4 + 2 * i]);
            if (i == l) {
                return y;
            }
            y.weight += (y.n + 1) * y.m;
            y.input = y.output;
            y.output += align8(y.m * bytes);
            y.n = y.m;
            y.unit = is_unit(y.activation);
        }
    }
    std::uint32_t weights() const {
        const DenseLayer last = layer(hidden(), 0);
        return last.weight + (last.n + 1) * last.m;
    }
    // Most outputs of the first n layers.
    std::uint32_t widest(std::uint32_t n) const {
        std::uint32_t most = 0;
        for (std::uint32_t i = 0; i < n; ++i) {
            const std::uint32_t m = layer(i, 0).m;
            most = m > most ? m : most;
        }
        return most;
    }

    // Of a frame's step, Q0.31: momentum makes up for the rest.
    std::int32_t rate(std::uint32_t age) const {
        const std::int32_t r = rate_at(policy(0), age, static_cast<std::uint32_t>(policy(1)), policy(2));
        return r - static_cast<std::int32_t>(half_up(std::int64_t{r} * momentum(), 31));
    }
    std::int32_t momentum() const { return policy(3); }
    std::int32_t decay() const { return policy(4); }
    std::uint32_t patience() const { return static_cast<std::uint32_t>(policy(5)); }
    std::int32_t improvement() const { return policy(6); }

  private:
    std::int32_t policy(std::uint32_t i) const { return words_[4 + 2 * hidden() + i]; }

    const std::int32_t *words_;
    std::uint32_t inputs_;
};

template <class P> struct AutoencoderScratch {
    using N = Neural<P>;
    using Error = typename N::Error;
    using Delta = typename N::Delta;

    std::uint32_t pre, error, delta[2], bytes;

    explicit AutoencoderScratch(const Chain &c) {
        const DenseLayer last = c.layer(c.hidden(), sizeof(typename N::Value));
        const std::uint32_t units = c.widest(c.hidden());
        Layout l;
        l.add<std::uint8_t>(last.output);
        l.add<typename N::Value>(last.activation == Activation::linear ? 0 : last.m);
        pre = l.add<typename N::Pre>(last.m > units ? last.m : units);
        error = l.add<Error>(last.m);
        delta[0] = l.add<Delta>(units);
        delta[1] = l.add<Delta>(c.hidden() > 1 ? units : 0);
        bytes = l.bytes();
    }
};

// |w| <= 2^36 in float, far above where rounding ends its growth; momenta stay below 2^10.
template <class Weight> inline constexpr Range weight_range = any;
template <> inline constexpr Range weight_range<float> = both(36);
template <class Weight> inline constexpr Range momentum_range = any;
template <> inline constexpr Range momentum_range<float> = both(10);

template <class P> struct AutoencoderState {
    using Weight = typename Neural<P>::Weight;

    enum : std::uint32_t { frames, age, average, best, since, weight, momentum, fields };
    static constexpr std::uint32_t basis = 0;
    static constexpr Field table[fields] = {
        {Type::u32, Many::one, any},
        {Type::u32, Many::one, any},
        {Type::i32, Many::one, both(30)},
        {Type::i32, Many::one, both(30)},
        {Type::u32, Many::one, any},
        {type_of_number<Weight>, Many::k, weight_range<Weight>},
        {type_of_number<Weight>, Many::k, momentum_range<Weight>},
    };
    // Single numbers come first, 8 bytes each, so their places and that of the weights need no table.
    static constexpr std::uint32_t offset(std::uint32_t field) { return 8 * field; }
};

} // namespace twinbit
