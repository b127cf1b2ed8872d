// Pruning an ELM autoencoder: the units that explain most of what was learned stay, in the order of linear/select.hpp.
//
// What is left is, to the bit, the model of a recipe with these units only. The factor's memory holds U meanwhile, and
// scratch V V^T. Cost: k^2 d / 2 multiplications in float for V V^T, 4 keep k^2 to select.
#pragma once

#include "detectors/elm.hpp"
#include "linear/select.hpp"

namespace twinbit {

// Units in use.
template <class P> std::uint32_t Elm<P>::left() const {
    std::uint32_t n = 0;
    for (std::uint32_t r = 0; r < s_.units; ++r) {
        n += out(r) ? 0u : 1u;
    }
    return n;
}

// V V^T
template <class P> void Elm<P>::gram(float *m) const {
    for (std::uint32_t a = 0; a < s_.units; ++a) {
        for (std::uint32_t b = 0; b <= a; ++b) {
            *m++ = lane_sum(s_.features, [=, va = v(a), vb = v(b), frac = v_frac()](std::size_t i) {
                return real_sum(va[i], frac) * real_sum(vb[i], frac);
            });
        }
    }
}

template <class P> void Elm<P>::clear_pruned() {
    for (std::uint32_t a = 0; a < s_.units; ++a) {
        for (std::uint32_t b = 0; b <= a; ++b) {
            if (out(a) || out(b)) {
                u_sums(a).clear(b, 1);
            }
        }
        if (out(a)) {
            v_sums(a).clear(0, s_.features);
        }
    }
}

template <class P> tb_status Elm<P>::prune(std::uint32_t keep) {
    if (keep == 0 || keep > left()) {
        return TB_ERR_ARGUMENT;
    }
    float *m = at<float>(b_.scratch, 0);
    gram(m);
    for (std::uint32_t r = 0; r < s_.units; ++r) {
        load_row(r);
    }
    select(factor(), m, s_.units, keep, pruned());
    clear_pruned();
    changed();
    return TB_OK;
}

} // namespace twinbit
