// What a recipe may ask of a subspace: alone, and as the models of a bank.
#pragma once

#include "detectors/subspace.hpp"

namespace twinbit {

template <class P> struct SubspaceSpec {
    using Detector = Subspace<P>;
    using State = SubspaceState<P>;
    static constexpr std::uint16_t id = 20;
    static constexpr bool prepares = false;
    static constexpr std::uint16_t policy_words = 2;

    static constexpr std::int32_t max_components = 32;
    static constexpr std::uint32_t max_features = 4098; // 4,096 channels and a phase

    static bool shape(const Setup &s, Shape &out) {
        if (s.count != 3 || s.words[0] < 1 || s.words[0] > max_components ||
            s.inputs < static_cast<std::uint32_t>(s.words[0]) || s.inputs > max_features || s.words[1] < 0 ||
            s.words[1] > 4 * 65536 || s.words[2] < 0 || s.words[2] > static_cast<std::int32_t>(sum_frames) ||
            s.words[2] == 1) {
            return false;
        }
        const auto k = static_cast<std::uint32_t>(s.words[0]);
        out.set(s.inputs, {k, s.inputs}, State::fields, align8(4 * s.inputs));
        return true;
    }

    static constexpr std::int32_t test_words[] = {1, 131072, 12};
    static constexpr std::uint32_t test_digests[3] = {0x1F59C901, 0xA5495C0D, 0x96C4D717}; // numerics version 1
};

} // namespace twinbit
