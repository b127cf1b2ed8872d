// The block of a subspace detector in the image. Nothing in it is derived, and there is no plan.
//
// k = 8 components of d = 64 features: Q15 2,408 B, Q31 2,664 B, F32 2,376 B.
#pragma once

#include "detectors/subspace_numbers.hpp"
#include "image/stage.hpp"

namespace twinbit {

template <class P> struct SubspaceState {
    using N = SubspaceNumbers<P>;

    enum : std::uint32_t { count, age, length, mean, direction, fields };
    static constexpr std::uint32_t basis = 0;
    static constexpr Field table[fields] = {
        {Type::u32, Many::one, positive(17)},
        {Type::u32, Many::k, positive(17)},
        {type_of_number<typename N::Length>, Many::k, positive(N::length_bits)},
        {type_of_number<typename N::Mean>, Many::d, both(N::mean_bits)},
        {type_of_number<typename N::Unit>, Many::kd, both(N::unit_bits)},
    };

    std::uint32_t components, features, bytes;
    std::uint32_t offset[fields];

    explicit SubspaceState(const Setup &s)
        : components(static_cast<std::uint32_t>(s.words[0])), features(s.inputs),
          bytes(place(table, fields, {components, features}, offset)) {}
};

} // namespace twinbit
