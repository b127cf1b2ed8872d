// A bank as a stage of a recipe, for each kind of model within. Words: modes; those of the model; few. See
// capi/RECIPE.md.
#pragma once

#include "detectors/bank.hpp"
#include "detectors/detector_stage.hpp"

namespace twinbit {

// What the stages of all banks have in common.
template <class Model, class P> struct BankSpec {
    using Detector = Bank<Model, P>;
    using State = BankFields<P>;
    static constexpr std::uint16_t policy_words = Detector::policy_words;

    static bool shape(const Setup &s, Shape &out) { return Detector::shape(s, out); }
};

} // namespace twinbit
