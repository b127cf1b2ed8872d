// Makes a stage and its tools of a detector class: D<P> is built on a Block and has ready, learn, score, settle;
// explain, new_epoch, merge.
#pragma once

#include "image/stage.hpp"

namespace twinbit {

template <class D> struct DetectorStage {
    using Sample = typename D::Sample;

    static bool ready(const Block &b) { return D(b).ready(); }
    static tb_status learn(const Block &b, const void *x, std::int32_t *score) {
        return D(b).learn(static_cast<const Sample *>(x), score);
    }
    static std::int32_t score(const Block &b, const void *x) { return D(b).score(static_cast<const Sample *>(x)); }
    static void settle(const Block &b) { D(b).settle(); }

    static void explain(const Block &b, const void *x, std::int32_t *shares) {
        D(b).explain(static_cast<const Sample *>(x), shares);
    }
    static void new_epoch(const Block &b) { D(b).new_epoch(); }
    static tb_status merge(const Block &b, const std::uint8_t *other, int sign) { return D(b).merge(other, sign); }

    static constexpr tb_tools tools(const tb_stage *stage) { return {stage, explain, new_epoch, merge}; }
};

} // namespace twinbit
