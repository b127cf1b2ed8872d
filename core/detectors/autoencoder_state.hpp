// The words and the memory of an autoencoder: the chain of its layers, its block in the image, its scratch.
//
//   words    seed, momentum (0: none, 1: has memory), hidden layers L, L times (units, activation), activation of
//            the output; then policy: rate, halving, least rate, momentum, decay, patience, improvement
//   image    u32 frames, u32 age; i32 average, i32 best, u32 since (early_stop.hpp); weights; momenta, if asked for
//   scratch  for each layer its outputs and 4 bytes a unit for b + W v, deltas and gradients in turn
#pragma once

#include "image/stage.hpp"
#include "linear/dense.hpp"
#include "numbers/neural.hpp"

namespace twinbit {

// A layer of n inputs and m outputs. Its part of scratch: what went through its activation (of the last layer: the
// errors), then b + W v, which deltas and gradients replace later.
struct DenseLayer {
    std::uint32_t l, n, m;
    std::uint32_t weight;            // where its (n + 1) m numbers begin, among all weights
    std::uint32_t below, work_below; // where both parts of the layer before are in scratch
    std::uint32_t own, work;         // and of this one
    bool unit;                       // its inputs are outputs of tanh or sigmoid
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

    // An activation's output has `bytes` bytes.
    Chain(const Setup &s, std::uint32_t bytes) : words_(s.words), inputs_(s.inputs), bytes_(bytes) {}

    // All words are in range.
    static bool fits(const Setup &, std::uint32_t most_inputs);

    std::uint32_t seed() const { return static_cast<std::uint32_t>(words_[0]); }
    bool has_momentum() const { return words_[1] != 0; }
    std::uint32_t hidden() const { return static_cast<std::uint32_t>(words_[2]); }
    std::uint32_t inputs() const { return inputs_; }

    DenseLayer first() const {
        DenseLayer y; // one by one: a small library's memset of so few words is slow
        y.l = 0;
        y.n = inputs_;
        y.weight = 0;
        y.below = 0;
        y.work_below = 0;
        y.own = 0;
        y.unit = false;
        finish(y);
        return y;
    }
    void next(DenseLayer &y) const {
        y.weight += (y.n + 1) * y.m;
        y.below = y.own;
        y.work_below = y.work;
        y.own = y.work + align8(4 * y.m);
        y.n = y.m;
        y.unit = is_unit(y.activation);
        ++y.l;
        finish(y);
    }
    // Layer l of hidden() + 1.
    DenseLayer layer(std::uint32_t l) const {
        DenseLayer y = first();
        while (y.l < l) {
            next(y);
        }
        return y;
    }

    // Where in scratch the reconstruction is, if it went through an activation.
    std::uint32_t reconstruction(const DenseLayer &last) const { return last.work + align8(4 * last.m); }

    std::uint32_t scratch() const {
        const DenseLayer last = layer(hidden());
        return reconstruction(last) + (last.activation == Activation::linear ? 0 : align8(bytes_ * last.m));
    }
    std::uint32_t weights() const {
        const DenseLayer last = layer(hidden());
        return last.weight + (last.n + 1) * last.m;
    }

    // Of a frame's step, Q0.31: momentum makes up for the rest.
    std::int32_t rate(std::uint32_t age) const {
        const std::int32_t r = rate_at(policy()[0], age, static_cast<std::uint32_t>(policy()[1]), policy()[2]);
        return momentum() == 0 ? r : r - static_cast<std::int32_t>(half_up(std::int64_t{r} * momentum(), 31));
    }
    std::int32_t momentum() const { return policy()[3]; }
    std::int32_t decay() const { return policy()[4]; }
    std::uint32_t patience() const { return static_cast<std::uint32_t>(policy()[5]); }
    std::int32_t improvement() const { return policy()[6]; }

  private:
    // Units and activation of layer l. Inlined at -Os too: calls would be no shorter.
    __attribute__((always_inline)) void finish(DenseLayer &y) const {
        const std::int32_t *pair = words_ + 3 + 2 * y.l; // the last has no word for its units
        const bool last = y.l == hidden();
        y.m = last ? inputs_ : static_cast<std::uint32_t>(pair[0]);
        y.activation = static_cast<Activation>(pair[last ? 0 : 1]);
        y.work = y.own + align8(bytes_ * y.m);
    }
    const std::int32_t *policy() const { return words_ + 4 + 2 * hidden(); }

    const std::int32_t *words_;
    std::uint32_t inputs_, bytes_;
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
