// The words and the memory of a bank.
//
//   words   modes; the layout words, then the policy words of the models within; few
//   image   the fields below, then one block of the model for each mode
//   plan    one plan of the model for each mode
//
// Memory of the fields, 4 modes of 64 features: Q15 4,664 B, Q31 6,200 B, F32 4,152 B.
#pragma once

#include "detectors/bank_numbers.hpp"
#include "image/stage.hpp"

namespace twinbit {

template <class P> struct BankFields {
    using N = BankNumbers<P>;
    using Rep = decltype(raw_of(typename P::Sample{}));

    // epoch, open, frames, mean, gain: the basis once an epoch began, and still from then on. taught: frames that the
    // mode's model has learned. scatter: of all frames about their modes' means.
    enum : std::uint32_t { epoch, open, frames, mean, gain, taught, scatter, sum, square, fields };
    static constexpr std::uint32_t basis = taught; // what comes before it
    static constexpr Field table[fields] = {
        {Type::u32, Many::one, any},
        {Type::u32, Many::one, most_k},
        {Type::u32, Many::k, positive(17)},
        {type_of_number<Rep>, Many::kd, both(P::sample_bits)},
        {type_of_number<typename N::Gain>, Many::kd, positive(N::gain_bits)},
        {Type::u32, Many::k, positive(31)},
        {type_of_number<typename P::Distance>, Many::one, positive(P::distance_bits)},
        {type_of_number<typename P::Sum>, Many::kd, both(P::sum_bits)},
        {type_of_number<typename N::Square>, Many::kd, positive(P::product_bits)},
    };
};

// Where things are: Model is the class of the models within.
template <class Model, class P> struct BankState : BankFields<P> {
    using Fields = BankFields<P>;
    static constexpr std::int32_t max_modes = 16;
    static constexpr std::uint32_t max_features = 1024; // 16 modes' scatter fits 62 bits
    static constexpr std::uint32_t policy_words = Model::policy_words + 1;

    static bool valid(const Setup &s) {
        return s.count >= 2 && s.inputs <= max_features && s.words[0] >= 1 && s.words[0] <= max_modes &&
               s.words[s.count - 1] >= 1 && s.words[s.count - 1] <= static_cast<std::int32_t>(sum_frames);
    }

    Setup model; // words of the models
    Shape shape; // of one model
    std::uint32_t modes, features, few;
    std::uint32_t offset[Fields::fields];
    std::uint32_t models; // where their blocks begin
    std::uint32_t bytes;  // of one
    bool fits;            // the words are those of a model

    explicit BankState(const Setup &s)
        : model{s.words + 1, s.count - 2, s.inputs}, shape{}, modes(static_cast<std::uint32_t>(s.words[0])),
          features(s.inputs), few(static_cast<std::uint32_t>(s.words[s.count - 1])),
          models(place(Fields::table, Fields::fields, {modes, features}, offset)), bytes(0),
          fits(Model::shape(model, shape)) {
        bytes = block_bytes(Model::State::table, shape);
    }

    std::uint32_t scratch() const { return align8(4 * features); } // before the model's: the standardised sample

    void set(Shape &out) const {
        out.set(features, {modes, features}, Fields::fields, scratch() + shape.scratch, modes * shape.plan);
        out.inner = {Model::State::table, shape.fields, shape.n, modes};
    }
};

} // namespace twinbit
