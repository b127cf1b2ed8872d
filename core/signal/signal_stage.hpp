// Makes an extractor's stage of a class on a Block: a template over the raw number, with shape(), settle() and
// axis(column, axis, features).
#pragma once

#include "image/arithmetic.hpp"
#include "numbers/policy.hpp"
#include "signal/chain.hpp"

namespace twinbit {

template <template <class> class Class, class P, std::uint16_t id> struct ExtractorStage {
    using Raw = typename P::Raw;
    using Extractor = Class<Raw>;

    static void settle(const Block &b) { Extractor(b).settle(); }
    static void axis(const Block &b, const void *column, std::uint32_t axis, void *features) {
        Extractor(b).axis(static_cast<const Raw *>(column), axis, static_cast<Raw *>(features));
    }

    static constexpr ExtractorOps ops = {&chain, settle, axis};
    static constexpr tb_stage stage = {id, Role::extractor,  arithmetic_of<P>, 0, 0, nullptr,
                                       0,  Extractor::shape, Ops(&ops)};
};

} // namespace twinbit
